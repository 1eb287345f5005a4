import { isStatus } from "../../../app/github.ts";
import { marker } from "../../../app/words/marker.ts";
import type { Effect } from "../decide/effects.ts";
import { once } from "./once.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

/** A reply in a review thread. */
export async function reply(effect: Effect & { kind: "reply" }, ports: PerformPorts): Promise<void> {
  const body = `${marker(ports.snapshot.app.id, effect.marker)}\n${effect.body}`;
  try {
    await once(ports, effect.marker, () =>
      ports.github.write(
        "answer",
        "POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies",
        {
          ...repo(ports),
          pull_number: effect.pull,
          comment_id: Number(effect.to),
          body,
        },
      ),
    );
  } catch (error) {
    // The thread was deleted meanwhile: nobody waits for an answer there.
    if (!isStatus(error, 404)) throw error;
  }
}
