import { marker } from "../../../app/words/marker.ts";
import type { Effect } from "../decide/effects.ts";
import { once } from "./once.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

/** A new comment in the conversation of the issue or of a pull request. */
export async function say(effect: Effect & { kind: "say" }, ports: PerformPorts): Promise<void> {
  const body = `${marker(ports.snapshot.app.id, effect.marker)}\n${effect.body}`;
  await once(ports, effect.marker, () =>
    ports.github.write("answer", "POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      ...repo(ports),
      issue_number: effect.on,
      body,
    }),
  );
}
