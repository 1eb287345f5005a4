import { isStatus } from "../../../app/github.ts";
import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

/** Deletes a merged branch; GitHub may have done so by itself. */
export async function deleteBranch(
  effect: Effect & { kind: "deleteBranch" },
  ports: PerformPorts,
): Promise<void> {
  try {
    await ports.github.write("display", "DELETE /repos/{owner}/{repo}/git/refs/{ref}", {
      ...repo(ports),
      ref: `heads/${effect.branch}`,
    });
  } catch (error) {
    // 422: "Reference does not exist".
    if (!isStatus(error, 404, 422)) throw error;
  }
}
