import { setLabels } from "../../acts/labels.ts";
import { assign, closeIssue, editIssue, reopenIssue, unassign } from "../../acts/issues.ts";
import type { Issue } from "../../model.ts";
import { accountOf } from "../../store.ts";
import type { Ask } from "../ask.ts";
import { labelNames } from "../labels.ts";
import { recordOf } from "../nodes.ts";
import { notInTwin } from "../refusal.ts";

/** What `updateIssue` and `updatePullRequest` can change alike; what is null or left out stays. */
interface Changes {
  title?: string | null;
  body?: string | null;
  state?: string | null;
  labelIds?: string | readonly string[] | null;
  assigneeIds?: string | readonly string[] | null;
  milestoneId?: string | null;
  projectIds?: unknown;
}

/** Changes an issue, or a pull request's issue side. */
export async function updateConversation(issue: Issue, changes: Changes, ask: Ask): Promise<void> {
  const { world, viewer, info } = ask;
  for (const name of ["milestoneId", "projectIds"] as const)
    if (changes[name] != null) throw notInTwin(info.fieldName, name);
  const [title, body] = [changes.title ?? undefined, changes.body ?? undefined];
  if (title !== undefined || body !== undefined) editIssue(world, viewer, issue, { title, body });
  if (changes.labelIds != null)
    setLabels(world, viewer, issue, await labelNames(changes.labelIds, issue, ask));
  if (changes.assigneeIds != null) await setAssignees(issue, [changes.assigneeIds].flat(), ask);
  if (changes.state === "CLOSED") closeIssue(world, viewer, issue);
  if (changes.state === "OPEN") reopenIssue(world, viewer, issue);
}

async function setAssignees(issue: Issue, ids: readonly string[], ask: Ask): Promise<void> {
  const { world, viewer, state } = ask;
  const wanted = await Promise.all(ids.map((id) => recordOf(id, ["User"], ask)));
  const logins = wanted.map((account) => account.login);
  const before = issue.assigneeIds.map((id) => accountOf(state, id).login);
  const gone = before.filter((login) => !logins.includes(login));
  if (gone.length > 0) unassign(world, viewer, issue, gone);
  if (logins.length > 0) assign(world, viewer, issue, logins);
}
