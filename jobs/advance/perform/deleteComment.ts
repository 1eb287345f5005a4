import { isStatus } from "../../../app/github.ts";
import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

/** Deletes the newer of two comments with one marker. */
export async function deleteComment(
  effect: Effect & { kind: "deleteComment" },
  ports: PerformPorts,
): Promise<void> {
  try {
    await ports.github.write("display", "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", {
      ...repo(ports),
      comment_id: Number(effect.id),
    });
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
  }
}
