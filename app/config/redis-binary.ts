import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

import type { Logger } from "pino";

const run = promisify(execFile);

/** Where to look for programs, and who we are. */
export interface Machine {
  path: string;
  root: boolean;
}

/**
 * The path of `redis-server`; as root it is installed with apt-get where it is missing.
 *
 * @throws an error whose message tells a person what to do, if there is none.
 */
export async function redisBinary({ path, root }: Machine, log: Logger): Promise<string> {
  const there = find("redis-server", path);
  if (there) return there;
  const aptGet = find("apt-get", path);
  if (!aptGet || !root) {
    throw new Error(
      "There is no redis-server on this machine: install it (on Debian: apt-get install redis-server), or set REDIS_URL.",
    );
  }
  log.info("redis-server is missing: installing it with apt-get");
  await install(aptGet, path);
  const installed = find("redis-server", path);
  if (!installed)
    throw new Error(
      "apt-get installed redis-server, but it isn't on the PATH: add it there, or set REDIS_URL.",
    );
  return installed;
}

async function install(aptGet: string, path: string): Promise<void> {
  const options = { timeout: 300_000, env: { PATH: path, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" } };
  const command = ["install", "--yes", "--no-install-recommends", "redis-server"];
  try {
    await run(aptGet, command, options);
  } catch {
    // A fresh machine has no package lists yet, or old ones.
    try {
      await run(aptGet, ["update"], options);
      await run(aptGet, command, options);
    } catch (error) {
      throw new Error(
        "redis-server couldn't be installed with apt-get: install it yourself, or set REDIS_URL.",
        { cause: error },
      );
    }
  }
}

/** The first file called `name` on `path` that may be executed. */
function find(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter(Boolean)
    .map((dir) => join(dir, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
