import type { Issue } from "./model.ts";
import { conversationGrants } from "./viewer.ts";
import type { Need } from "./viewer.ts";

/**
 * What is needed for what. For apps the grants are those of GitHub's page, whose section is named above each group:
 * https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
 * For people the level is that of
 * https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization
 */
export const needs = {
  // #repository-permissions-for-metadata
  readMetadata: { app: ["metadata:read"], person: "read" },
  readCollaborators: { app: ["metadata:read"], person: "read" },

  // #repository-permissions-for-contents
  readContents: { app: ["contents:read"], person: "read" },
  writeContents: { app: ["contents:write"], person: "write" },
  merge: { app: ["contents:write"], person: "write" },

  // #repository-permissions-for-workflows
  writeWorkflows: { app: ["workflows:write"], person: "write" },

  // #repository-permissions-for-issues (and, for what both have, #repository-permissions-for-pull-requests)
  readIssues: { app: ["issues:read"], person: "read" },
  reactToIssues: { app: ["issues:write"], person: "read" },
  readConversations: { app: ["issues:read", "pull_requests:read"], person: "read" },
  readLabels: { app: ["issues:read", "pull_requests:read"], person: "read" },
  openIssue: { app: ["issues:write"], person: "read" },
  writeLabels: { app: ["issues:write", "pull_requests:write"], person: "write" },
  createLabel: { app: ["issues:write", "pull_requests:write"], person: "triage" },
  writeConversations: { app: ["issues:write", "pull_requests:write"], person: "read" },

  // #repository-permissions-for-pull-requests
  readPulls: { app: ["pull_requests:read"], person: "read" },
  openPull: { app: ["pull_requests:write"], person: "write" },
  editPull: { app: ["pull_requests:write"], person: "read" },
  review: { app: ["pull_requests:write"], person: "read" },
  requestReview: { app: ["pull_requests:write"], person: "write" },
  resolveThread: { app: ["pull_requests:write"], person: "write" },
  dismissReview: { app: ["pull_requests:write"], person: "write" },
  // The page names contents for this mutation, not pull requests (tried: FACTS.md).
  markReady: { app: ["contents:write"], person: "write" },
  // Merging the base into the head changes both: the page lists the route under pull requests, git needs contents.
  updateBranch: { app: ["pull_requests:write"], person: "write" },

  // #repository-permissions-for-checks
  readChecks: { app: ["checks:read"], person: "read" },
  writeChecks: { app: ["checks:write"], person: "admin" },
  rerunChecks: { app: ["checks:write"], person: "write" },

  // #repository-permissions-for-commit-statuses
  readStatuses: { app: ["statuses:read"], person: "read" },
  writeStatuses: { app: ["statuses:write"], person: "write" },

  // #repository-permissions-for-actions
  readActions: { app: ["actions:read"], person: "read" },
} as const satisfies Record<string, Need>;

/** Reading an issue, or a pull request as an issue. */
export function readOf(issue: Issue): Need {
  return { app: conversationGrants(issue, "read"), person: "read" };
}

/** Commenting on it: everyone who can read may. */
export function talkOn(issue: Issue): Need {
  return { app: conversationGrants(issue, "write"), person: "read" };
}

/** Labelling and assigning it, and closing what others opened. */
export function triageOf(issue: Issue): Need {
  return { app: conversationGrants(issue, "write"), person: "triage" };
}

/** Changing words that others wrote. */
export function moderate(issue: Issue): Need {
  return { app: conversationGrants(issue, "write"), person: "write" };
}
