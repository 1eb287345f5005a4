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
/** In the place of a branch's newest commit, where there is no branch. */
export const NO_HEAD = "";

/** What GitHub may refuse: to merge a pull request, whose newest commit is `head`, or to make a branch, named by a text. */
export interface Refused {
  what: number | string;
  head: string;
}

/** What GitHub refused, by number or name: of each pull request, the newest commit's refusals alone. */
export async function readRefusals(
  redis: Redis,
  of: RefusalsOf,
  asked: Refused[],
): Promise<Record<string, Refusal>> {
  const found = await Promise.all(
    asked.map(async (each) => [each.what, await readRefusal(redis, of, each)] as const),
  );
  return Object.fromEntries(found.filter((each): each is [number | string, Refusal] => each[1] !== null));
}

/** Remembers, for a day, that GitHub refused it, in its words. */
export async function addRefusal(
  redis: Redis,
  of: RefusalsOf,
  refused: Refused & { say: string; at: Date },
): Promise<void> {
  const { what, head, say, at } = refused;
  const before = await readRefusal(redis, of, { what, head });
  const refusal: Refusal = { head, times: (before?.times ?? 0) + 1, say, at };
  await redis.set(key(of, what), JSON.stringify(refusal), "EX", SECONDS);
}

async function readRefusal(redis: Redis, of: RefusalsOf, { what, head }: Refused): Promise<Refusal | null> {
  const read = Remembered.safeParse(JSON.parse((await redis.get(key(of, what))) ?? "null"));
  return read.success && read.data.head === head ? read.data : null;
}

const key = ({ prefix, repositoryId }: RefusalsOf, what: number | string): string =>
  `${prefix}:refusals:${repositoryId}:${what}`;
