import { Later } from "../../../app/bucket.ts";
import { isStatus } from "../../../app/github.ts";
import { asDraft } from "../../../app/words/draft.ts";
import type { Effect } from "../decide/effects.ts";
import { rememberPull } from "../look/hints.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

type OpenPull = Effect & { kind: "openPull" };

const AGAIN_MS = 15_000;

/**
 * Opens the pull request of a branch, as a draft if it is to be one: where GitHub has no drafts the title says so. GitHub
 * refuses a second one for the same branch, so doing it twice is no harm.
 * https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request
 *
 * @throws {Later} where GitHub sees nothing to merge (yet).
 */
export async function openPull(effect: OpenPull, ports: PerformPorts): Promise<void> {
  try {
    await open(effect, ports);
  } catch (error) {
    if (!isStatus(error, 422)) throw error;
    const said = String(error);
    if (/already exists/i.test(said)) return;
    if (/no commits between/i.test(said))
      throw new Later(AGAIN_MS, `GitHub sees no commits of ${effect.branch} to open a pull request with`);
    if (!effect.draft || !/draft pull requests are not supported/i.test(said)) throw error;
    await openPull({ ...effect, draft: false, title: asDraft(effect.title) }, ports);
  }
}

async function open(
  { branch: head, base, title, body, draft }: OpenPull,
  ports: PerformPorts,
): Promise<void> {
  const at = repo(ports);
  const opened = await ports.github.write<{ node_id: string }>("state", "POST /repos/{owner}/{repo}/pulls", {
    ...at,
    head,
    base,
    title,
    body,
    draft,
  });
  const { installationId, issue } = ports.snapshot;
  const subject = {
    kind: "issue" as const,
    installationId,
    owner: at.owner,
    name: at.repo,
    number: issue.number,
  };
  await rememberPull(ports.redis, ports.prefix, subject, opened.node_id);
}
