import { isStatus } from "../../../app/github.ts";
import { mention, readyWords } from "../../../app/words/says.ts";
import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";
import { say } from "./say.ts";

/** Asks whoever wanted the work to review it; one who can't be asked is mentioned. */
export async function requestReview(
  effect: Effect & { kind: "requestReview" },
  ports: PerformPorts,
): Promise<void> {
  try {
    await ports.github.write("answer", "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", {
      ...repo(ports),
      pull_number: effect.pull,
      reviewers: [effect.of],
    });
  } catch (error) {
    // 422: "Reviews may only be requested from collaborators".
    if (!isStatus(error, 422)) throw error;
    await say(
      { kind: "say", on: effect.pull, marker: effect.marker, body: mention(effect.of, readyWords) },
      ports,
    );
  }
}
