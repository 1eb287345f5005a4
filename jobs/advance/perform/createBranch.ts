import { isStatus } from "../../../app/github.ts";
import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

/**
 * Makes a branch; one that is there is left as it is. Throws where GitHub doesn't know the commit.
 * https://docs.github.com/en/rest/git/refs#create-a-reference
 */
export async function createBranch(
  effect: Effect & { kind: "createBranch" },
  ports: PerformPorts,
): Promise<void> {
  try {
    await ports.github.write("state", "POST /repos/{owner}/{repo}/git/refs", {
      ...repo(ports),
      ref: `refs/heads/${effect.branch}`,
      sha: effect.sha,
    });
  } catch (error) {
    if (!isStatus(error, 422) || !/already exists/i.test(String(error))) throw error;
  }
}
