import { readdirSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";

import { gitHere, localEnvironment } from "./repository.ts";

// https://git-scm.com/docs/git-receive-pack#_quarantine_environment
const QUARANTINE = localEnvironment["GIT_QUARANTINE_PATH"] ?? "";
const GROUP_BYTES = 32 * 1024 * 1024;

/**
 * What git's own checks say against the objects that were pushed, or null. `receive-pack` would run them itself, but with a
 * demand that a blobless repository can't meet: that all files which a tree names be there.
 */
export function objectionOfGit(): string | null {
  const folder = join(QUARANTINE, "pack");
  const packs = readdirSync(QUARANTINE).includes("pack")
    ? readdirSync(folder).filter((name) => name.endsWith(".pack"))
    : [];
  for (const pack of packs) {
    const checked = spawnSync(
      "git",
      ["index-pack", "--fsck-objects", "-o", join(QUARANTINE, "checked.idx"), join(folder, pack)],
      {
        encoding: "utf8",
        env: localEnvironment,
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    if (checked.status !== 0) return checked.stderr.split("\n")[0] ?? "";
  }
  return null;
}

/** The sizes of those of `blobs` that were pushed. What wasn't is on GitHub already. */
export function pushedSizes(blobs: readonly string[]): Map<string, number> {
  if (blobs.length === 0) return new Map();
  const listed = gitHere(["cat-file", "--batch-check"], { input: blobs.join("\n"), env: pushedAlone() });
  const found = listed.toString().matchAll(/^([0-9a-f]+) blob (\d+)$/gm);
  return new Map([...found].map(([, sha = "", size]) => [sha, Number(size)]));
}

/** The contents of pushed blobs, given by their sizes, some at a time. */
export function* pushedBlobs(sizes: ReadonlyMap<string, number>): Generator<[sha: string, bytes: Buffer]> {
  for (const group of groups(sizes)) {
    const all = gitHere(["cat-file", "--batch"], { input: group.join("\n"), env: pushedAlone() });
    let at = 0;
    for (const sha of group) {
      // `<sha> blob <size>\n<contents>\n`
      const begin = all.indexOf("\n", at) + 1;
      const end = begin + (sizes.get(sha) ?? 0);
      yield [sha, all.subarray(begin, end)];
      at = end + 1;
    }
  }
}

/** The environment in which git sees pushed objects alone. */
function pushedAlone(): NodeJS.ProcessEnv {
  const { GIT_ALTERNATE_OBJECT_DIRECTORIES: _, ...env } = localEnvironment;
  return { ...env, GIT_OBJECT_DIRECTORY: QUARANTINE };
}

function groups(sizes: ReadonlyMap<string, number>): string[][] {
  const all: string[][] = [[]];
  let bytes = 0;
  for (const [sha, size] of sizes) {
    if (bytes + size > GROUP_BYTES) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(sha);
    bytes += size;
  }
  return all.filter((group) => group.length > 0);
}
