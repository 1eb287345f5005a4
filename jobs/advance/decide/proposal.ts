import { parseCommands } from "../../../app/commands/parse.ts";
import { planHash } from "../../../app/plan/plan.ts";
import type { Plan } from "../../../app/plan/plan.ts";
import { parsePlan, printPlan } from "../../../app/plan/yaml.ts";
import { readPlanWords } from "../../../app/words/planFence.ts";
import { cleanPlan } from "../../../app/words/planClean.ts";
import type { Edit, Person, PlanComment, Snapshot } from "./snapshot.ts";
import type { State } from "./state.ts";
import { commandComments, permitted } from "./wanted.ts";
import type { Bare } from "./wanted.ts";

/** Whether a plan waits for approval. */
export const isPending = ({ proposal, approved }: State): boolean =>
  proposal !== null && planHash(proposal.plan) !== approved?.hash;

/** The marker of the comment that shows the proposal. */
export const planMarker = (state: State): string => `plan:${state.generation}.${state.proposal?.number ?? 0}`;

/** How long the plan comment may take to be seen after it was posted. */
const LAG_MS = 60_000;

/** Whether the plan comment was posted, and is there no more; `/agent retry` has it posted again. */
export function isPlanGone(s: Snapshot, state: State, now: Date): boolean {
  const posted = state.said.find((each) => each.marker === planMarker(state))?.at;
  if (s.planComment !== null || posted === undefined || now.getTime() - Date.parse(posted) < LAG_MS)
    return false;
  return state.since === null || state.since.at <= posted;
}

/** What stands in the plan comment's YAML, where that isn't the proposal. */
export type PlanEdit =
  | { kind: "valid"; plan: Plan; by: Person; at: Date }
  | { kind: "invalid"; yaml: string; errors: { line: number | null; say: string }[]; by: Person; at: Date }
  /** By somebody without permission. */
  | { kind: "foreign"; by: Person; at: Date };

/** The last change of the YAML that isn't in the proposal, or null. */
export function planEdit(s: Snapshot, state: State): PlanEdit | null {
  const change = changeOf(s, state);
  if (!change) return null;
  const { by, at, yaml } = change;
  if (!permitted(s, by)) return { kind: "foreign", by, at };
  const parsed = parsePlan(yaml);
  return "errors" in parsed
    ? { kind: "invalid", yaml, errors: parsed.errors, by, at }
    : { kind: "valid", plan: cleanPlan(parsed.plan), by, at };
}

/** The YAML as a person left it, where it says something else than the proposal; whoever that was. */
export function changeOf(
  { planComment }: Bare,
  { proposal }: State,
): { yaml: string; by: Person; at: Date } | null {
  if (!planComment || !proposal) return null;
  const yaml = yamlOf(planComment.comment.body);
  if (isPlan(yaml, proposal.plan)) return null;
  const edit = lastChange(planComment);
  return edit && { yaml, by: edit.by, at: edit.at };
}

/** Whether `yaml` says that plan, be it as we print it or otherwise. */
function isPlan(yaml: string, plan: Plan): boolean {
  if (yaml === printPlan(plan)) return true;
  const parsed = parsePlan(yaml);
  return "plan" in parsed && planHash(cleanPlan(parsed.plan)) === planHash(plan);
}

const yamlOf = (body: string): string => readPlanWords(body).yaml ?? "";

/** The last edit of the comment that changed its YAML, if it is a person's: what we write is no change. */
function lastChange({ comment, edits }: PlanComment): Edit | null {
  const now = yamlOf(comment.body);
  const same = (edit: Edit | undefined) =>
    edit?.text !== undefined && edit.text !== null && yamlOf(edit.text) === now;
  const first = edits.findLastIndex((edit) => !same(edit)) + 1;
  const edit = edits[first] ?? edits.at(-1);
  if (edit) return edit.by.bot ? null : edit;
  return comment.editedBy && !comment.editedBy.bot
    ? { by: comment.editedBy, at: comment.at, text: null }
    : null;
}

/**
 * When the YAML came to say another plan, though it may have been changed back since: also by us, who put back what
 * somebody without permission wrote; 0: never.
 */
function changedAt(planComment: PlanComment | null): number {
  const edits = planComment?.edits ?? [];
  const last = edits.findLast(({ text }, at) => at > 0 && !isSamePlan(text, edits[at - 1]?.text ?? null));
  return last?.at.getTime() ?? 0;
}

/** Whether two texts of the comment say one plan; of a deleted one nobody knows. */
function isSamePlan(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return false;
  const [first, second] = [yamlOf(a), yamlOf(b)];
  if (first === second) return true;
  const parsed = parsePlan(first);
  return "plan" in parsed && isPlan(second, cleanPlan(parsed.plan));
}

/** An approval, by whichever of the three ways. */
export type Approval = {
  /** What it is called in a marker: the reaction's, comment's or edit's id. */
  id: string;
  by: Person;
  at: Date;
} & (
  | { kind: "command" | "thumb" }
  /** A tick is of the text that it was made in. */
  | { kind: "box"; yaml: string }
);

/** Every approval of the plan that stands, oldest first, valid or not; of the comments not in `taken`. */
export function approvals(s: Snapshot, taken: string[]): Approval[] {
  const posted = s.planComment?.comment.at;
  const commands = commandComments(s)
    .filter(
      (c) =>
        posted &&
        c.at >= posted &&
        !taken.includes(c.id) &&
        parseCommands(c.body).some((each) => each.kind === "approve"),
    )
    .map((c): Approval => ({ id: `ic${c.id}`, by: c.by, at: c.at, kind: "command" }));
  const thumbs = (s.planComment?.thumbs ?? [])
    .filter((thumb) => thumb.up)
    .map(({ id, by, at }): Approval => ({ id, by, at, kind: "thumb" }));
  const all = [...commands, ...thumbs, ...ticks(s.planComment)];
  return all.filter((each) => !each.by.bot).toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

/** Edits that ticked the approve box. */
function ticks(planComment: PlanComment | null): Approval[] {
  const edits = planComment?.edits ?? [];
  const ticked = (edit: Edit | undefined) =>
    edit?.text !== undefined && edit.text !== null && readPlanWords(edit.text).ticked;
  return edits
    .filter((edit, at) => ticked(edit) && !ticked(edits[at - 1]))
    .map(({ by, at, text }) => ({
      id: `box-${at.getTime()}`,
      by,
      at,
      kind: "box",
      yaml: yamlOf(text ?? ""),
    }));
}

/** Why an approval doesn't count, or null where it does. */
export function voidBecause(
  s: Snapshot,
  state: State,
  approval: Approval,
): "permission" | "older" | "invalid" | null {
  if (!permitted(s, approval.by)) return "permission";
  if (planEdit(s, state)) return "invalid";
  const { proposal } = state;
  if (proposal && approval.kind === "box" && !isPlan(approval.yaml, proposal.plan)) return "older";
  const edited = proposal?.edited ? Date.parse(proposal.at) : 0;
  const changed = Math.max(edited, changedAt(s.planComment));
  if (changed === 0) return null;
  // A tick was made in the text that it stands in; a 👍 of the same second may be older.
  return approval.at.getTime() >= changed + (approval.kind === "box" ? 0 : 1) ? null : "older";
}

/** Takes up edits of the plan comment, then approvals, newer than the last change. `taken`: the commands taken before. */
export function takeProposal(s: Snapshot, before: State, taken: string[]): State {
  const state = takeEdit(s, before);
  if (!isPending(state) || !state.proposal || state.ask) return state;
  const approval = approvals(s, taken).find((each) => voidBecause(s, state, each) === null);
  if (!approval) return state;
  const { plan } = state.proposal;
  const approved = { plan, hash: planHash(plan), by: approval.by.login, at: approval.at.toISOString() };
  return {
    ...state,
    approved,
    skipped: state.skipped.filter((id) => plan.tasks.some((task) => task.id === id)),
  };
}

function takeEdit(s: Snapshot, state: State): State {
  const edit = planEdit(s, state);
  if (edit?.kind !== "valid" || !state.proposal) return state;
  return {
    ...state,
    proposal: { ...state.proposal, plan: edit.plan, at: edit.at.toISOString(), edited: true },
  };
}
