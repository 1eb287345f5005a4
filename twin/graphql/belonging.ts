import type { Reaction, TextEdit, Writing } from "../model.ts";
import type { State } from "../store.ts";
import type { Typed } from "./ask.ts";
import { reactableById } from "./subjects.ts";

/**
 * What tells a node's repository and what reading it takes: the node itself, or the text that it is a reaction to or an edit
 * of. Undefined when that text is gone.
 */
export function belongingOf(state: State, node: Typed): Typed | undefined {
  if (node.__typename === "Reaction") return reactableById(state, (node.source as Reaction).subjectId);
  if (node.__typename !== "UserContentEdit") return node;
  const writing = editedBy(state, (node.source as TextEdit).id);
  return writing && reactableById(state, writing.id);
}

/** The text that an edit changed. */
export function editedBy(state: State, editId: number): Writing | undefined {
  return [state.issues, state.comments, state.reviews, state.reviewComments]
    .flatMap((table): Writing[] => [...table.rows.values()])
    .find((writing) => writing.edits.some((edit) => edit.id === editId));
}
