import type * as github from "@octokit/graphql-schema";
import { readRef } from "../../git/refs.ts";
import type { BranchProtection } from "../../model.ts";
import { keyedNodeId } from "../../nodeIds.ts";
import { repositoryOf } from "../../store.ts";
import { childrenOf } from "../../table.ts";
import { may } from "../../viewer.ts";
import type { Ask, Fields, RefSource } from "../ask.ts";
import { pullConnection } from "../issues.ts";
import { dirOf, gitObject } from "../objects.ts";

export const Ref: Fields<github.Ref, RefSource> = {
  id: ({ repositoryId, name }) => keyedNodeId("Ref", repositoryId, name),
  name: ({ name }) => name.slice(prefixOf(name).length),
  prefix: ({ name }) => prefixOf(name),
  repository: (ref, _args, { state }) => repositoryOf(state, ref),
  target: async (ref, _args, { world }) => {
    const oid = await readRef(dirOf(world, ref), ref.name);
    return oid ? gitObject(world, { repositoryId: ref.repositoryId, oid }) : null;
  },
  associatedPullRequests: (ref, args: github.RefAssociatedPullRequestsArgs, ask) => {
    const branch = ref.name.slice(prefixOf(ref.name).length);
    const pulls = childrenOf(ask.state.pulls, ref.repositoryId);
    return pullConnection(
      pulls.filter((pull) => pull.headRef === branch),
      args,
      ask,
    );
  },
  // Who can't administer the repository doesn't see the rule, only what it asks for: `refUpdateRule`.
  branchProtectionRule: (ref, _args, ask) => {
    const repository = repositoryOf(ask.state, ref);
    if (!may(ask.viewer, repository, { app: ["administration:read"], person: "admin" })) return null;
    const rule = ruleOf(ref, ask);
    return rule ? { pattern: rule.branch, ...demandsOf(rule), isAdminEnforced: false } : null;
  },
  refUpdateRule: (ref, _args, ask) => {
    const rule = ruleOf(ref, ask);
    return rule
      ? { pattern: rule.branch, ...demandsOf(rule), allowsDeletions: false, allowsForcePushes: false }
      : null;
  },
};

function prefixOf(name: string): string {
  return /^refs\/(?:heads|tags)\//.exec(name)?.[0] ?? "refs/";
}

function ruleOf(ref: RefSource, { state }: Ask): BranchProtection | undefined {
  return repositoryOf(state, ref).protections.find((rule) => `refs/heads/${rule.branch}` === ref.name);
}

function demandsOf(rule: BranchProtection) {
  return {
    requiredStatusCheckContexts: rule.requiredChecks,
    requiresStatusChecks: rule.requiredChecks.length > 0,
    requiredApprovingReviewCount: rule.requiredApprovals,
    requiresApprovingReviews: rule.requiredApprovals > 0,
  };
}
