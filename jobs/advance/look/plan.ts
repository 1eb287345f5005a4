import { isNotFound } from "../../../app/github.ts";
import type { Installation } from "../../../app/github.ts";
import type { Comment, PlanComment, Thumb } from "../decide/snapshot.ts";
import type { State } from "../decide/state.ts";
import { edit, oldestFirst } from "./issue.ts";
import { allOf } from "./pager.ts";
import type { NodeOf } from "./pager.ts";
import { LookPlanDocument } from "./queries.gen.ts";
import type { LookPlanQuery, PlanFieldsFragment } from "./queries.gen.ts";
import { planAmong } from "./readIssue.ts";
import { person } from "./words.ts";

/**
 * The comment of ours that shows the proposal of `state`, whole; null where there is none, or it is gone. `known` is what
 * the one call brought: another comment costs a call of its own.
 */
export async function readPlan(
  github: Installation,
  known: PlanFieldsFragment | null,
  of: { comments: Comment[]; state: State | null },
): Promise<PlanComment | null> {
  const comment = planCommentAmong(of.comments, of.state);
  if (!comment) return null;
  const fields = known?.id === comment.nodeId ? known : await planById(github, comment.nodeId);
  if (!fields) return null;
  const { id } = fields;
  const edits = await allOf(github, "edits", { id }, fields.userContentEdits);
  const up = await allOf(github, "reactions", { id, content: "THUMBS_UP" }, fields.up);
  const down = await allOf(github, "reactions", { id, content: "THUMBS_DOWN" }, fields.down);
  return {
    comment,
    edits: withFirst(edits.map(edit).toReversed().sort(oldestFirst), comment),
    thumbs: [...up.map((node) => thumb(node, true)), ...down.map((node) => thumb(node, false))].sort(
      oldestFirst,
    ),
  };
}

/** Of two with one marker the older counts (design §1). */
function planCommentAmong(comments: Comment[], state: State | null): Comment | null {
  if (!state?.proposal) return null;
  const marker = `plan:${state.generation}.${state.proposal.number}`;
  return comments.find((each) => each.marker === marker) ?? null;
}

/** Null where it was deleted after the comments were read. */
async function planById(github: Installation, id: string): Promise<PlanFieldsFragment | null> {
  try {
    const { plan } = await github.query<LookPlanQuery>(LookPlanDocument, { plan: [id] });
    return planAmong(plan);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** GitHub keeps no history before the first edit. */
const withFirst = (edits: PlanComment["edits"], { by, at, body }: Comment): PlanComment["edits"] =>
  edits.length > 0 ? edits : [{ by, at, text: body }];

/** GitHub tells only of people's reactions by whom they are: a bot's is nobody's. */
const thumb = (node: NodeOf<"reactions">, up: boolean): Thumb => ({
  id: node.id,
  up,
  by: person(node.user),
  at: new Date(node.createdAt),
});
