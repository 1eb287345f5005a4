import { Later } from "../../../app/bucket.ts";
import { isForbidden, isStatus, wordsOf } from "../../../app/github.ts";
import type { Effect } from "../decide/effects.ts";
import { addRefusal } from "../refusals.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

/** Longer than GitHub's reads lag its writes. */
const LAG_SECONDS = 60;
const AGAIN_MS = 2000;

/**
 * Squashes a pull request into its base, if `head` is still its newest commit. What GitHub refuses is remembered and
 * nothing more: the next look decides what follows from it.
 * https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
 *
 * @throws {Later} where it was merged a moment ago, and that isn't seen yet.
 */
export async function merge(effect: Effect & { kind: "merge" }, ports: PerformPorts): Promise<void> {
  const { pull: number, head } = effect;
  const { redis, prefix, snapshot } = ports;
  const of = { prefix, repositoryId: snapshot.repository.id };
  const merged = `${prefix}:merged:${of.repositoryId}:${number}:${head}`;
  if (await redis.exists(merged))
    throw new Later(AGAIN_MS, `#${number} was merged a moment ago, and that isn't seen`);
  try {
    await ports.github.write("answer", "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", {
      ...repo(ports),
      pull_number: number,
      merge_method: "squash",
      sha: head,
      commit_title: effect.title,
      commit_message: effect.message,
      // Octokit would try a refusal again by itself, for 14 s in which the look holds its lock.
      request: { retries: 0 },
    });
  } catch (error) {
    if (!isRefused(error)) throw error;
    await addRefusal(redis, of, { what: number, head, say: wordsOf(error), at: ports.clock() });
    return;
  }
  await redis.set(merged, "1", "EX", LAG_SECONDS);
}

/** 405: not mergeable, or not allowed; 409: `head` is no longer the newest commit. */
const isRefused = (error: unknown): error is Error => isStatus(error, 405, 409, 422) || isForbidden(error);
