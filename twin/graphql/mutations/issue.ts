import type * as github from "@octokit/graphql-schema";
import { closeIssue, reopenIssue } from "../../acts/issues.ts";
import { actor } from "../../viewer.ts";
import { actorSource } from "../accounts.ts";
import type { Fields } from "../ask.ts";
import { recordOf } from "../nodes.ts";
import { mutation } from "./mutation.ts";
import { updateConversation } from "./updateConversation.ts";

export const issueMutations: Fields<github.Mutation, undefined> = {
  updateIssue: mutation<github.UpdateIssueInput>(async (input, ask) => {
    const issue = await recordOf(input.id, ["Issue"], ask);
    await updateConversation(issue, input, ask);
    return { issue, actor: actorSource(actor(ask.viewer)) };
  }),
  closeIssue: mutation<github.CloseIssueInput>(async (input, ask) => {
    const issue = await recordOf(input.issueId, ["Issue"], ask);
    closeIssue(ask.world, ask.viewer, issue, reasons[input.stateReason ?? "COMPLETED"]);
    return { issue };
  }),
  reopenIssue: mutation<github.ReopenIssueInput>(async (input, ask) => {
    const issue = await recordOf(input.issueId, ["Issue"], ask);
    reopenIssue(ask.world, ask.viewer, issue);
    return { issue };
  }),
};

/** `DUPLICATE` is in the schema, but not yet in its types. */
const reasons: Readonly<Record<string, "completed" | "not_planned" | "duplicate">> = {
  COMPLETED: "completed",
  NOT_PLANNED: "not_planned",
  DUPLICATE: "duplicate",
};
