import { Later } from "../../../app/bucket.ts";
import { isForbidden, isStatus, wordsOf } from "../../../app/github.ts";
import type { Effect } from "../decide/effects.ts";
import { addRefusal, NO_HEAD } from "../refusals.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

const AGAIN_MS = 1000;

/**
 * Makes a branch; one that is there is left as it is. Throws where GitHub doesn't know the commit. What a rule of the
 * repository refuses is remembered: the next look decides what follows from it.
 * https://docs.github.com/en/rest/git/refs#create-a-reference
 *
 * @throws {Later} where it was refused: what comes after rests on the branch.
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
    if (isStatus(error, 422) && /already exists/i.test(String(error))) return;
    if (!isRefused(error)) throw error;
    const of = { prefix: ports.prefix, repositoryId: ports.snapshot.repository.id };
    const say = wordsOf(error);
    await addRefusal(ports.redis, of, { what: effect.branch, head: NO_HEAD, say, at: ports.clock() });
    throw new Later(AGAIN_MS, `GitHub refuses to make ${effect.branch}: ${say}`);
  }
}

/** https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets#restrict-creations */
const isRefused = (error: unknown): error is Error =>
  isForbidden(error) || (isStatus(error, 422) && /rule violation|protected|restricted/i.test(String(error)));
