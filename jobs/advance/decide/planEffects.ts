import { createHash } from "node:crypto";

import { parsePlan } from "../../../app/plan/yaml.ts";
import { readPlanWords } from "../../../app/words/planFence.ts";
import { planWords } from "../../../app/words/plan.ts";
import type { PlanView } from "../../../app/words/plan.ts";
import {
  invalidEditWords,
  issueEditedWords,
  planDeletedWords,
  strangersEditWords,
  thumbsDownWords,
  voidApprovalWords,
} from "../../../app/words/planSays.ts";
import { repliedTo } from "./commandEffects.ts";
import type { Effect } from "./effects.ts";
import { FRESH_MS } from "./fresh.ts";
import { workLanes } from "./lanes.ts";
import type { Next } from "./standings.ts";
import { approvals, isPending, isPlanGone, planEdit, planMarker, voidBecause } from "./proposal.ts";
import type { Snapshot } from "./snapshot.ts";
import type { State } from "./state.ts";
import { taskViews } from "./taskViews.ts";
import { permitted, wanted } from "./wanted.ts";

/** What is to be done about the plan's comment and what people did to it. */
export function planEffects(s: Snapshot, state: State, then: Next, now: Date): Effect[] {
  if (!state.proposal || then.kind === "stopped") return [];
  const said = then.kind === "lanes" ? answers(s, state, now) : [];
  return [...shown(s, state, then, now), ...superseded(s, state), ...said];
}

/**
 * Tasks start from the root branch, and their pull requests need it. It is made as long as nothing was merged into it: then
 * only a person can tell what it was.
 */
export function rootBranch(s: Snapshot, state: State, then: Next): Effect[] {
  const root = workLanes(s, state).find((lane) => lane.kind === "root");
  const sha = root?.base.sha;
  if (!root || !sha || s.branches[root.branch] || then.kind !== "lanes") return [];
  const starts = then.lanes.some(
    ({ lane, at }) => lane.kind === "task" && (at.kind === "running" || at.kind === "open"),
  );
  const at = then.lanes.find(({ lane }) => lane.kind === "root")?.at;
  return starts && at?.kind === "waits" ? [{ kind: "createBranch", branch: root.branch, sha }] : [];
}

/** The plan comment, new or drawn anew. While somebody's YAML in it can't be used, it stays as they left it. */
function shown(s: Snapshot, state: State, then: Next, now: Date): Effect[] {
  const view = viewOf(s, state, then);
  if (!view) return [];
  const body = planWords(view);
  if (s.planComment === null) {
    const posts = then.kind === "lanes" && isPending(state) && !isPlanGone(s, state, now);
    return posts ? [{ kind: "say", on: s.issue.number, marker: planMarker(state), body }] : [];
  }
  const { comment } = s.planComment;
  if (planEdit(s, state)?.kind === "invalid" || wordsIn(comment.body) === body) return [];
  return [{ kind: "editComment", nodeId: comment.nodeId, body }];
}

/** What stands below the marker's line. */
const wordsIn = (body: string): string =>
  body
    .replaceAll("\r\n", "\n")
    .replace(/^<!--.*?-->\n/, "")
    .trimEnd();

function viewOf(s: Snapshot, state: State, then: Next): PlanView | null {
  if (!state.proposal) return null;
  const { plan } = state.proposal;
  const asker = wanted(s, state).start?.by.login ?? null;
  return {
    issue: s.issue.number,
    asker,
    plan,
    tasks: taskViews(s, state, then),
    standing: standingOf(state, then),
  };
}

function standingOf(state: State, then: Next): PlanView["standing"] {
  if (then.kind === "done") return { kind: "done" };
  return isPending(state)
    ? { kind: "awaits", changed: state.approved !== null }
    : { kind: "approved", by: state.approved?.by ?? "" };
}

/** Answers to approvals that don't count, to 👎, to edits that can't be used, and to an edit of the issue. */
function answers(s: Snapshot, state: State, now: Date): Effect[] {
  const said = [
    ...voids(s, state),
    ...thumbsDown(s, state),
    ...editAnswer(s, state),
    ...changedIssue(s, state),
  ];
  const fresh = said.filter(({ at }) => now.getTime() - at.getTime() < FRESH_MS);
  return [...fresh, ...deleted(s, state, now)]
    .filter((each) => !repliedTo(s.issue.comments, each.marker))
    .map((each) => ({ kind: "say", on: s.issue.number, marker: each.marker, body: each.body }));
}

/** Something that is said once, and when its cause was. */
interface Said {
  marker: string;
  body: string;
  at: Date;
}

/** Commands have answers of their own. Those without permission get one sentence for all of them: many may press 👍. */
function voids(s: Snapshot, state: State): Said[] {
  if (!isPending(state) || state.ask) return [];
  const since = state.approved?.at ?? "";
  return approvals(s, state.commands).flatMap((approval) => {
    const why = voidBecause(s, state, approval);
    if (!why || approval.kind === "command" || approval.at.toISOString() <= since) return [];
    // Whose permission wasn't asked for did it before the last change, and was answered then.
    if (!Object.hasOwn(s.permissions, approval.by.login)) return [];
    const of = why === "permission" ? `${planMarker(state)}:permission` : approval.id;
    return [{ marker: `void:${key(of)}`, body: voidApprovalWords(approval.by.login, why), at: approval.at }];
  });
}

function thumbsDown(s: Snapshot, state: State): Said[] {
  if (!isPending(state) || state.ask) return [];
  const thumb = s.planComment?.thumbs.find((each) => !each.up && permitted(s, each.by));
  if (!thumb) return [];
  return [{ marker: `down:${key(planMarker(state))}`, body: thumbsDownWords(thumb.by.login), at: thumb.at }];
}

function editAnswer(s: Snapshot, state: State): Said[] {
  const made = planEdit(s, state);
  if (!made || made.kind === "valid") return [];
  const { by, at } = made;
  if (made.kind === "foreign")
    return [{ marker: `edit:${key(at.toISOString())}`, body: strangersEditWords(by.login), at }];
  const body = invalidEditWords(by.login, made.errors, s.issue.number);
  return [{ marker: `edit:${key(made.yaml)}`, body, at }];
}

/** An edit of the issue by somebody who may, after the plan was made for its text from before. */
function changedIssue(s: Snapshot, state: State): Said[] {
  const planned = state.runs.findLast((run) => run.purpose === "plan" && run.end?.kind === "done")?.at;
  const edited = s.issue.edits.findLast((each) => permitted(s, each.by));
  if (!planned || !edited || edited.at.toISOString() <= planned || state.ask) return [];
  const of = `edited:${key(edited.at.toISOString())}`;
  return [{ marker: of, body: issueEditedWords(edited.by.login), at: edited.at }];
}

/** The comment of an approved plan is missed, but not needed. */
function deleted(s: Snapshot, state: State, now: Date): Said[] {
  if (isPending(state) || !isPlanGone(s, state, now)) return [];
  return [{ marker: `deleted:${key(planMarker(state))}`, body: planDeletedWords, at: now }];
}

const key = (of: string): string => createHash("sha256").update(of).digest("hex").slice(0, 12);

/** Plans that another one has replaced say so, and are folded. */
function superseded(s: Snapshot, state: State): Effect[] {
  const current = planMarker(state);
  return s.issue.comments.flatMap((comment): Effect[] => {
    if (!comment.ours || !comment.marker?.startsWith("plan:") || comment.marker === current) return [];
    const old = parsePlan(readPlanWords(comment.body).yaml ?? "");
    if ("errors" in old) return [];
    const view = {
      issue: s.issue.number,
      asker: null,
      plan: old.plan,
      tasks: {},
      standing: { kind: "superseded" },
    } as const;
    const body = planWords(view);
    return wordsIn(comment.body) === body ? [] : [{ kind: "editComment", nodeId: comment.nodeId, body }];
  });
}
