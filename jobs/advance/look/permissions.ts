import type { Redis } from "ioredis";

import { isStatus } from "../../../app/github.ts";
import type { Installation } from "../../../app/github.ts";
import { PERMISSIONS } from "../../../app/permission.ts";
import type { Permission } from "../../../app/permission.ts";

const SECONDS = 60;

/** https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user */
interface Answer {
  /** One of `admin`, `write`, `read`, `none`: coarser, but also right for custom roles. */
  permission: string;
  role_name: string;
}

export interface PermissionsOf {
  prefix: string;
  repository: { id: number; owner: string; name: string };
  /** Logins that are asked for now, whatever is remembered. */
  fresh: string[];
}

/**
 * What each of `logins` may do in the repository, by login; at most a minute old, and that of `fresh` not at all. Somebody
 * unknown there may do nothing.
 */
export async function permissions(
  github: Installation,
  redis: Redis,
  of: PermissionsOf,
  logins: string[],
): Promise<Record<string, Permission>> {
  const found = await Promise.all(
    logins.map(async (login) => {
      const key = `${of.prefix}:perm:${of.repository.id}:${login.toLowerCase()}`;
      const cached = of.fresh.includes(login) ? null : level(await redis.get(key));
      if (cached) return [login, cached] as const;
      const fetched = await fetchPermission(github, of, login);
      await redis.set(key, fetched, "EX", SECONDS);
      return [login, fetched] as const;
    }),
  );
  return Object.fromEntries(found);
}

async function fetchPermission(
  github: Installation,
  of: PermissionsOf,
  username: string,
): Promise<Permission> {
  const { owner, name: repo } = of.repository;
  try {
    const route = "GET /repos/{owner}/{repo}/collaborators/{username}/permission";
    const answer = await github.read<Answer>(route, { owner, repo, username });
    return level(answer.role_name) ?? level(answer.permission) ?? "none";
  } catch (error) {
    if (isStatus(error, 404)) return "none";
    throw error;
  }
}

const level = (text: string | null): Permission | null => PERMISSIONS.find((each) => each === text) ?? null;
