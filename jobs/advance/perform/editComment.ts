import { Later } from "../../../app/bucket.ts";
import { isNotFound } from "../../../app/github.ts";
import { marker } from "../../../app/words/marker.ts";
import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";

const AGAIN_MS = 1000;

/**
 * Writes a comment of ours on the issue anew, under the marker that it has. One that is gone stays gone. GitHub has no
 * conditional edit: it is read once more right before, so that hardly an edit of a person's can be overwritten.
 *
 * @throws {Later} where somebody has edited it since it was looked at.
 */
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
    const now = await bodyOf(effect.nodeId, ports);
    if (now !== comment.body) throw new Later(AGAIN_MS, "The plan comment was edited meanwhile");
    await ports.github.mutate("display", document, { comment: effect.nodeId, body }, 1);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function bodyOf(id: string, { github }: PerformPorts): Promise<string | undefined> {
  const document = "query($id: ID!) { node(id: $id) { ... on IssueComment { body } } }";
  const { node } = await github.query<{ node: { body?: string } | null }>(document, { id });
  return node?.body;
}
