import { objectType, readCommit } from "../git/objects.ts";
import { gitDir } from "../git/run.ts";
import type { Commit } from "../model.ts";
import { repositoryOf } from "../store.ts";
import type { World } from "../world.ts";
import { Typed } from "./ask.ts";
import type { GitObject } from "./ask.ts";

const typeNames = { commit: "Commit", tree: "Tree", blob: "Blob", tag: "Tag" } as const;

/** The folder that a tree was reached by, so that its entries can tell their whole path. */
export interface TreeSource extends GitObject {
  path?: string;
}

/** Any object of a repository by its whole sha, or null when there is none. */
export async function gitObject(world: World, source: TreeSource): Promise<Typed | null> {
  const type = await objectType(dirOf(world, source), source.oid);
  return type ? new Typed(typeNames[type], source) : null;
}

/** A commit that is known to be there. */
export async function commitAt(world: World, source: GitObject): Promise<Commit> {
  return (await readCommit(dirOf(world, source), source.oid))!;
}

/** Where an object's repository lies. */
export function dirOf(world: World, { repositoryId }: { repositoryId: number }): string {
  return gitDir(world, repositoryOf(world.state, { repositoryId }));
}
