import type { Redis } from "ioredis";
import { z } from "zod";

import type { Refusal } from "./decide/snapshot.ts";

/** Which repository, in an id that survives renames. `prefix` begins all of this app's keys. */
interface RefusalsOf {
  prefix: string;
  repositoryId: number;
}

const Remembered = z.object({ head: z.string(), times: z.number(), say: z.string(), at: z.coerce.date() });

const SECONDS = 86_400;

/** What GitHub refused to merge, by pull request: of each, the newest commit's refusals alone. */
export async function readRefusals(
  redis: Redis,
  of: RefusalsOf,
  pulls: { number: number; head: string }[],
): Promise<Record<number, Refusal>> {
  const found = await Promise.all(
    pulls.map(async ({ number, head }) => [number, await readRefusal(redis, of, { number, head })] as const),
  );
  return Object.fromEntries(found.filter((each): each is [number, Refusal] => each[1] !== null));
}

/** Remembers, for a day, that GitHub refused to merge `head` of the pull request, in its words. */
export async function addRefusal(
  redis: Redis,
  of: RefusalsOf,
  refused: { number: number; head: string; say: string; at: Date },
): Promise<void> {
  const { number, head, say, at } = refused;
  const before = await readRefusal(redis, of, { number, head });
  const refusal: Refusal = { head, times: (before?.times ?? 0) + 1, say, at };
  await redis.set(key(of, number), JSON.stringify(refusal), "EX", SECONDS);
}

async function readRefusal(
  redis: Redis,
  of: RefusalsOf,
  pull: { number: number; head: string },
): Promise<Refusal | null> {
  const read = Remembered.safeParse(JSON.parse((await redis.get(key(of, pull.number))) ?? "null"));
  return read.success && read.data.head === pull.head ? read.data : null;
}

const key = ({ prefix, repositoryId }: RefusalsOf, pull: number): string =>
  `${prefix}:refusals:${repositoryId}:${pull}`;
