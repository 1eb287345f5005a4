import type { Repository } from "../model.ts";
import { fullName } from "../store.ts";
import type { World } from "../world.ts";

/** Where a person sees a repository. */
export function repositoryPage(world: World, repository: Repository): string {
  return `${world.urls.web}/${fullName(world.state, repository)}`;
}

/** The path of a web address, for `resourcePath`. */
export function pathOf(url: string): string {
  const { pathname, hash } = new URL(url);
  return pathname + hash;
}
