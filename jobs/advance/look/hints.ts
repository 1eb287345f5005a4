import type { Redis } from "ioredis";
import { z } from "zod";

import { subjectKey } from "../../../app/subject.ts";
import type { IssueSubject } from "../../../app/subject.ts";

/**
 * What the last look at an issue found, so that the next one can ask for all of it in one call. Only a hint: without it,
 * or with a wrong one, a look takes more calls and sees the same.
 */
const Hints = z.object({
  generation: z.number().int().positive(),
  /** Node ids. */
  pulls: z.array(z.string()),
  plan: z.string().nullable().default(null),
});
export type Hints = z.infer<typeof Hints>;

export const NO_HINTS: Hints = { generation: 1, pulls: [], plan: null };

const SECONDS = 7 * 24 * 3600;

export async function readHints(redis: Redis, prefix: string, subject: IssueSubject): Promise<Hints> {
  const text = await redis.get(key(prefix, subject));
  const hints = Hints.safeParse(JSON.parse(text ?? "null"));
  return hints.success ? hints.data : NO_HINTS;
}

export async function writeHints(
  redis: Redis,
  prefix: string,
  subject: IssueSubject,
  hints: Hints,
): Promise<void> {
  await redis.set(key(prefix, subject), JSON.stringify(hints), "EX", SECONDS);
}

/** Notes a pull request that was just opened, so that the next look sees it in the same call. */
export async function rememberPull(
  redis: Redis,
  prefix: string,
  subject: IssueSubject,
  nodeId: string,
): Promise<void> {
  const hints = await readHints(redis, prefix, subject);
  await writeHints(redis, prefix, subject, { ...hints, pulls: [...hints.pulls, nodeId] });
}

/** By name: the repository's id is known only after the call that the hints are for. */
const key = (prefix: string, subject: IssueSubject): string => `${prefix}:hints:${subjectKey(subject)}`;
