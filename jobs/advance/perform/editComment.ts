import { isNotFound } from "../../../app/github.ts";
import { marker } from "../../../app/words/marker.ts";
import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";

/** Writes a comment of ours on the issue anew, under the marker that it has. One that is gone stays gone. */
export async function editComment(
  effect: Effect & { kind: "editComment" },
  ports: PerformPorts,
): Promise<void> {
  const { app, issue } = ports.snapshot;
  const comment = issue.comments.find((each) => each.nodeId === effect.nodeId);
  if (!comment?.marker) return;
  const document =
    "mutation($comment: ID!, $body: String!) { updateIssueComment(input: {id: $comment, body: $body}) { clientMutationId } }";
  const body = `${marker(app.id, comment.marker)}\n${effect.body}`;
  try {
    await ports.github.mutate("display", document, { comment: effect.nodeId, body }, 1);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
