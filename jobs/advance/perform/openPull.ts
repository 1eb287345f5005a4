import { isStatus } from "../../../app/github.ts";
import type { Effect } from "../decide/effects.ts";
import { rememberPull } from "../look/hints.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

/** Opens the pull request of a branch. GitHub refuses a second one for the same branch, so doing it twice is no harm. */
export async function openPull(effect: Effect & { kind: "openPull" }, ports: PerformPorts): Promise<void> {
  const { branch: head, base, title, body } = effect;
  const at = repo(ports);
  try {
    const opened = await ports.github.write<{ node_id: string }>(
      "state",
      "POST /repos/{owner}/{repo}/pulls",
      {
        ...at,
        head,
        base,
        title,
        body,
      },
    );
    const { installationId, issue } = ports.snapshot;
    const subject = {
      kind: "issue" as const,
      installationId,
      owner: at.owner,
      name: at.repo,
      number: issue.number,
    };
    await rememberPull(ports.redis, ports.prefix, subject, opened.node_id);
  } catch (error) {
    if (!isStatus(error, 422) || !/already exists/i.test(String(error))) throw error;
  }
}
