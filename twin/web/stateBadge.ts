import type { Issue, Pull } from "../model.ts";
import { markup } from "./markup.ts";
import type { Html } from "./markup.ts";

/** An issue's or a pull request's state, as a badge in GitHub's colours. */
export function stateBadge(issue: Issue, pull: Pull | undefined): Html {
  const state = pull?.merged
    ? "Merged"
    : issue.state === "closed"
      ? "Closed"
      : pull?.draft
        ? "Draft"
        : "Open";
  const reason = pull || issue.state === "open" ? null : issue.stateReason;
  return markup`<span class="state ${state.toLowerCase()} ${reason}">${state}</span>`;
}
