import { isStatus } from "../../../app/github.ts";
import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

/** Opens the pull request of a branch. GitHub refuses a second one for the same branch, so doing it twice is no harm. */
export async function openPull(effect: Effect & { kind: "openPull" }, ports: PerformPorts): Promise<void> {
  const { branch: head, base, title, body } = effect;
  try {
    await ports.github.write("state", "POST /repos/{owner}/{repo}/pulls", {
      ...repo(ports),
      head,
      base,
      title,
      body,
    });
  } catch (error) {
    if (!isStatus(error, 422) || !/already exists/i.test(String(error))) throw error;
  }
}
