import type { Issue, Repository } from "../model.ts";
import { fullName, issueByNumber } from "../store.ts";
import type { World } from "../world.ts";

const closing = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:([\w.-]+\/[\w.-]+))?#(\d+)\b/gi;
const mention = /(?<![\w/])(?:([\w.-]+\/[\w.-]+))?#(\d+)\b/g;

/**
 * The issues of a repository that a text closes once it is merged into the default branch.
 * https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
 */
export function issuesClosedBy(world: World, repository: Repository, text: string): Issue[] {
  return named(world, repository, text.matchAll(closing)).filter((issue) => !issue.isPull);
}

/** The issues and pull requests of a repository that a text mentions. */
export function issuesMentioned(world: World, repository: Repository, text: string): Issue[] {
  return named(world, repository, text.matchAll(mention));
}

function named(world: World, repository: Repository, matches: Iterable<RegExpMatchArray>): Issue[] {
  const own = fullName(world.state, repository).toLowerCase();
  const found = new Set<Issue>();
  for (const [, name, number] of matches) {
    if (name && name.toLowerCase() !== own) continue;
    const issue = issueByNumber(world.state, repository.id, Number(number));
    if (issue) found.add(issue);
  }
  return [...found];
}
