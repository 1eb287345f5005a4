import type * as github from "@octokit/graphql-schema";
import type { TextEdit, Writing } from "../model.ts";
import { iso, isoOrNull } from "../payloads/common.ts";
import { accountOf } from "../store.ts";
import { actor, association, ownsOrMaintains } from "../viewer.ts";
import { actorById } from "./accounts.ts";
import { homeOf } from "./ask.ts";
import type { Ask, Fields } from "./ask.ts";
import { connection } from "./connection.ts";
import { pathOf } from "./places.ts";
import { reactionFields } from "./reactions.ts";

/** How a type is a writing: a pull request's own text, for one, is that of its issue side. */
export interface WritingType<Source> {
  writing: (source: Source, ask: Ask) => Writing;
  url: (source: Source, ask: Ask) => string;
}

/** What issues, pull requests, comments and reviews have in common: GitHub's `Comment`, `Updatable` and `Reactable`. */
export function writingFields<Source extends object>(type: WritingType<Source>) {
  const { writing, url } = type;
  const mayUpdate = (source: Source, _args: unknown, ask: Ask) =>
    ownsOrMaintains(ask.viewer, homeOf(ask.state, source)!, writing(source, ask).authorId);
  return {
    author: (source, _args, ask) => actorById(ask.state, writing(source, ask).authorId),
    authorAssociation: (source, _args, ask) =>
      association(ask.state, homeOf(ask.state, source)!, accountOf(ask.state, writing(source, ask).authorId)),
    body: (source, _args, ask) => writing(source, ask).body,
    createdAt: (source, _args, ask) => iso(writing(source, ask).createdAt),
    updatedAt: (source, _args, ask) => iso(writing(source, ask).updatedAt),
    publishedAt: (source, _args, ask) => iso(writing(source, ask).createdAt),
    createdViaEmail: () => false,
    lastEditedAt: (source, _args, ask) => isoOrNull(lastEdit(writing(source, ask))?.editedAt ?? null),
    editor: (source, _args, ask) => {
      const edit = lastEdit(writing(source, ask));
      return edit ? actorById(ask.state, edit.editorId) : null;
    },
    includesCreatedEdit: (source, _args, ask) => writing(source, ask).edits.length > 0,
    userContentEdits: (source, args, ask) =>
      // The newest comes first.
      connection(writing(source, ask).edits, args, ask.info, {
        key: (edit: TextEdit) => [edit.editedAt, edit.id],
        descending: true,
      }),
    viewerDidAuthor: (source, _args, ask) => writing(source, ask).authorId === actor(ask.viewer).id,
    viewerCanUpdate: mayUpdate,
    repository: (source, _args, ask) => homeOf(ask.state, source),
    url: (source, _args, ask) => url(source, ask),
    resourcePath: (source, _args, ask) => pathOf(url(source, ask)),
    ...reactionFields<Source>((source, ask) => writing(source, ask).id),
  } satisfies Fields<github.IssueComment, Source>;
}

function lastEdit(writing: Writing): TextEdit | undefined {
  return writing.edits.at(-1);
}
