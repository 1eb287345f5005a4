import type { Comment, Person } from "../decide/snapshot.ts";
import { readMarker } from "../../../app/words/marker.ts";
import type { ActorFragment, CommentsFragment } from "./queries.gen.ts";

/** The app as it is written in GitHub's answers. */
export interface App {
  id: number;
  slug: string;
}

/** GitHub shows what deleted accounts did as done by this one. */
const GHOST: Person = { login: "ghost", bot: false };

export const person = (actor: ActorFragment | null): Person =>
  actor ? { login: actor.login, bot: actor.kind === "Bot" } : GHOST;

/** Whether `actor` is this app's own bot. A person can't have its name: the type tells them apart. */
export const isOurs = (actor: ActorFragment | null, app: App): boolean =>
  actor?.kind === "Bot" && actor.login === app.slug;

/** Text as everything else expects it: browsers send CRLF. */
export const plain = (text: string): string => text.replaceAll("\r\n", "\n");

/** A database id as text. Those of comments are past 32 bits, so GitHub gives them as `fullDatabaseId`. */
export function databaseId(node: { fullDatabaseId: string | null }): string {
  if (node.fullDatabaseId === null)
    throw new Error("GitHub answered with something that has no database id.");
  return node.fullDatabaseId;
}

type CommentNode = NonNullable<NonNullable<CommentsFragment["nodes"]>[number]>;

export function comment(node: CommentNode, app: App): Comment {
  const body = plain(node.body);
  const ours = isOurs(node.author, app);
  return {
    id: databaseId(node),
    nodeId: node.id,
    by: person(node.author),
    ours,
    body,
    at: new Date(node.createdAt),
    editedBy: node.editor && person(node.editor),
    reacted: (node.reactionGroups ?? [])
      .filter((group) => group.viewerHasReacted)
      .map((group) => group.content),
    marker: ours ? readMarker(app.id, body) : null,
  };
}
