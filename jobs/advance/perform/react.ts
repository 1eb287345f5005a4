import { isStatus } from "../../../app/github.ts";
import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

/** A reaction on a comment; giving it twice changes nothing. */
export async function react(effect: Effect & { kind: "react" }, ports: PerformPorts): Promise<void> {
  try {
    await ports.github.write("answer", "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", {
      ...repo(ports),
      comment_id: Number(effect.comment),
      content: effect.with,
    });
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
  }
}
