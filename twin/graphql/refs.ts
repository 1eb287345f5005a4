import { gitDir } from "../git/run.ts";
import { readRef } from "../git/refs.ts";
import type { World } from "../world.ts";
import type { RefSource } from "./ask.ts";

/** A ref by its whole name, or null when there is none. */
export async function existingRef(
  world: World,
  repositoryId: number,
  name: string,
): Promise<RefSource | null> {
  const repository = world.state.repositories.rows.get(repositoryId)!;
  return (await readRef(gitDir(world, repository), name)) ? { repositoryId, name } : null;
}
