import type * as github from "@octokit/graphql-schema";
import type { TextEdit } from "../../model.ts";
import { nodeId } from "../../nodeIds.ts";
import { iso, isoOrNull } from "../../payloads/common.ts";
import { actorById } from "../accounts.ts";
import type { Fields } from "../ask.ts";

export const UserContentEdit: Fields<github.UserContentEdit, TextEdit> = {
  id: (edit) => nodeId("UserContentEdit", edit.id),
  createdAt: (edit) => iso(edit.editedAt),
  updatedAt: (edit) => iso(edit.deletedAt ?? edit.editedAt),
  editedAt: (edit) => iso(edit.editedAt),
  editor: (edit, _args, { state }) => actorById(state, edit.editorId),
  deletedAt: (edit) => isoOrNull(edit.deletedAt),
  deletedBy: (edit, _args, { state }) =>
    edit.deletedById === null ? null : actorById(state, edit.deletedById),
  // In spite of its name the whole text after the edit; a deleted entry keeps none.
  diff: (edit) => (edit.deletedAt === null ? edit.text : null),
};
