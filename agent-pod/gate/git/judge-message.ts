import type { PushRules } from "./rules.ts";

/** https://docs.github.com/en/actions/how-tos/manage-workflow-runs/skip-workflow-runs */
const SKIPS = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]|^skip-checks:\s*true\s*$/gim;

/** https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue */
const CLOSES =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+(?:(?<url>https?:\/\/[^\s/]+(?:\/[^\s/]+)*)\/(?:issues|pull)\/(?<linked>\d+)|(?<repo>[\w.-]+\/[\w.-]+)?#(?<number>\d+)|gh-(?<gh>\d+))/gi;

/** What in `message` would keep checks from running on this branch. */
export function skipsChecks(message: string): string[] {
  return [...message.matchAll(SKIPS)].map(([words]) => `"${words.trim()}" would skip the checks`);
}

/** What in `message` would close an issue that isn't this run's. */
export function closesOthers(message: string, rules: PushRules): string[] {
  return [...message.matchAll(CLOSES)]
    .filter(({ groups }) => !isOurs(groups ?? {}, rules))
    .map(
      ([words]) => `"${words.replace(/\s+/g, " ").slice(0, 200)}" would close an issue that isn't this run's`,
    );
}

function isOurs(named: Record<string, string | undefined>, rules: PushRules): boolean {
  const number = Number(named["linked"] ?? named["number"] ?? named["gh"]);
  if (number !== rules.issue) return false;
  const here = `${rules.owner}/${rules.name}`.toLowerCase();
  if (named["url"]) return named["url"].toLowerCase() === `${rules.server}/${here}`.toLowerCase();
  return !named["repo"] || named["repo"].toLowerCase() === here;
}
