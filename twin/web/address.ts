import type { Issue, Repository } from "../model.ts";
import { fullName, repositoryOf } from "../store.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";

/** Where a page is, and who looks at it. */
export interface Place {
  world: World;
  viewer: Viewer;
  repository: Repository;
}

/** The address of a repository's page, without the host. */
export function repositoryAddress({ state }: World, repository: Repository): string {
  return `/${fullName(state, repository)}`;
}

/** The address of an issue's or a pull request's page, without the host. */
export function issueAddress(world: World, issue: Issue): string {
  const repository = repositoryOf(world.state, issue);
  return `${repositoryAddress(world, repository)}/${issue.isPull ? "pull" : "issues"}/${issue.number}`;
}
