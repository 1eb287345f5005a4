import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { z } from "zod";

import { Later } from "../../app/bucket.ts";
import { subjectKey, subjectOfKey } from "../../app/subject.ts";
import type { IssueSubject } from "../../app/subject.ts";
import type { Snapshot } from "../advance/decide/snapshot.ts";
import type { RoomOf } from "../advance/look/look.ts";
import type { Cluster, RunLabels } from "./cluster/cluster.ts";
import { share } from "./share.ts";
import type { Waiter } from "./share.ts";

/** How many agents of one installation may be at work (`MAX_RUNS`), shared fairly between its issues. */
export interface Slots {
  /** How many more runs the issue may start now. */
  room(of: RoomOf): Promise<number>;
  /** Takes a slot for a run, unless it has one or is at work. Two that ask at once never both get the last. Throws `Later`. */
  claim(run: Named, repository: Snapshot["repository"]): Promise<void>;
  /** Gives a run's slot back before the cluster tells of its end. */
  free(installationId: number, run: string): Promise<void>;
  /** Puts the issue among those that wait for `wants` slots, where it keeps its place; none: it waits no more. */
  wait(of: Pick<RoomOf, "subject" | "repository">, wants: number): Promise<void>;
  /** An issue that isn't there any more waits for nothing. */
  leave(subject: IssueSubject): Promise<void>;
  /** How many runs wait for a slot, of all installations. */
  waiting(): Promise<number>;
  /** The waiting issues whose turn it is, `subject` left out. */
  turns(subject: IssueSubject): Promise<IssueSubject[]>;
}

/** A run, as far as it takes a slot. */
interface Named {
  name: string;
  labels: Pick<RunLabels, "installationId" | "repositoryId" | "issue">;
}

interface SlotsPorts {
  redis: Redis;
  prefix: string;
  cluster: Pick<Cluster, "list">;
  /** The queue of runs that are followed, or will be. */
  runs: Queue;
  maxRuns: number;
}

/** So long a claim stands by itself; after it only while the run is still to be started. */
const CLAIM_MS = 60_000;
/** An issue that was told that it is its turn, and didn't look since, holds no slot back after so long. */
const TURN_MS = 60_000;
const AGAIN_MS = 5000;
const WEEK_SECONDS = 7 * 86_400;

const Claim = z.object({ issue: z.string(), repository: z.string(), at: z.number() });
const Waiting = z.object({
  issue: z.string(),
  repository: z.string(),
  limit: z.number(),
  wants: z.number(),
  since: z.number(),
  /** When it was told that it is its turn. */
  told: z.number().nullable(),
});
type Waiting = z.infer<typeof Waiting>;

/** A run that holds a slot. */
interface AtWork {
  run: string;
  issue: string;
  repository: string;
}

// The truth is what the cluster runs (ARGV[3], run → repository); what was claimed and isn't there yet is added.
const CLAIM = `
local at = cjson.decode(ARGV[3])
local claims = redis.call('HGETALL', KEYS[1])
for i = 1, #claims, 2 do at[claims[i]] = cjson.decode(claims[i + 1]).repository end
if at[ARGV[1]] then return 1 end
local all, here = 0, 0
for _, repository in pairs(at) do
  all = all + 1
  if repository == ARGV[2] then here = here + 1 end
end
if all >= tonumber(ARGV[5]) or here >= tonumber(ARGV[6]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[4])
redis.call('EXPIRE', KEYS[1], ${WEEK_SECONDS})
return 1
`;

/** The slots of every installation. Redis holds only what was claimed a moment ago, and who waits: losing it loses no limit. */
export function openSlots(ports: SlotsPorts): Slots {
  const { redis, prefix, maxRuns } = ports;
  const claims = (installationId: number) => `${prefix}:slots:${installationId}`;
  const queue = (installationId: number) => `${prefix}:waiting:${installationId}`;
  const installations = `${prefix}:waiting`;
  const reading = new Map<number, Promise<AtWork[]>>();
  // Those that ask at once, as all runs of a look do, are told the same.
  const atWork = (id: number): Promise<AtWork[]> => {
    const known = reading.get(id) ?? runsAtWork(ports, id, claims(id)).finally(() => reading.delete(id));
    reading.set(id, known);
    return known;
  };
  const waiting = async (installationId: number): Promise<Record<string, Waiting>> => {
    const all = await redis.hgetall(queue(installationId));
    return Object.fromEntries(
      Object.entries(all).map(([key, text]) => [key, Waiting.parse(JSON.parse(text))]),
    );
  };
  return {
    async room({ subject, repository, begun }) {
      const { installationId } = subject;
      const me = placeOf(repository.id, subject.number);
      const others = await waiting(installationId);
      const mine = { ...me, ...limitsOf(repository) };
      const since = others[subjectKey(subject)]?.since ?? Date.now();
      delete others[subjectKey(subject)];
      const busy = new Map((await atWork(installationId)).map((each) => [each.run, each]));
      // What its state began and nobody has claimed yet takes a slot too: it comes before anything new.
      for (const run of begun) if (!busy.has(run)) busy.set(run, { run, ...me });
      return share(maxRuns, [...busy.values()], [...inTurn(others), { ...mine, since }]).get(me.issue) ?? 0;
    },
    async claim({ name, labels }, repository) {
      const place = placeOf(labels.repositoryId, labels.issue);
      const busy = await atWork(labels.installationId);
      const known = Object.fromEntries(busy.map((each) => [each.run, each.repository]));
      const claim = JSON.stringify({ ...place, at: Date.now() } satisfies z.infer<typeof Claim>);
      const key = claims(labels.installationId);
      const limits = [maxRuns, limitsOf(repository).limit];
      const args = [name, place.repository, JSON.stringify(known), claim, ...limits];
      if (Number(await redis.eval(CLAIM, 1, key, ...args)) === 1) return;
      throw new Later(AGAIN_MS, "As many agents are at work as may be");
    },
    async free(installationId, run) {
      await redis.hdel(claims(installationId), run);
    },
    async wait({ subject, repository }, wants) {
      const [key, field] = [queue(subject.installationId), subjectKey(subject)];
      if (wants <= 0) return void (await redis.hdel(key, field));
      const before = await redis.hget(key, field);
      const since = before === null ? Date.now() : Waiting.parse(JSON.parse(before)).since;
      const place = placeOf(repository.id, subject.number);
      const now: Waiting = { ...place, limit: limitsOf(repository).limit, wants, since, told: null };
      await redis.hset(key, field, JSON.stringify(now));
      await redis.expire(key, WEEK_SECONDS);
      await redis.sadd(installations, subject.installationId);
    },
    async waiting() {
      const all = await Promise.all((await redis.smembers(installations)).map((id) => waiting(Number(id))));
      return all.flatMap((of) => Object.values(of)).reduce((sum, { wants }) => sum + wants, 0);
    },
    async leave(subject) {
      await redis.hdel(queue(subject.installationId), subjectKey(subject));
    },
    async turns(subject) {
      const { installationId } = subject;
      const others = await waiting(installationId);
      if (Object.keys(others).length === 0) return [];
      const busy = await atWork(installationId);
      // Those that didn't come are told again, but hold nobody else back.
      const given = [Object.values(others), inTurn(others)].map((some) => share(maxRuns, busy, some));
      const next = Object.entries(others).filter(
        ([key, { issue }]) => given.some((each) => each.has(issue)) && key !== subjectKey(subject),
      );
      for (const [key, each] of next)
        if (each.told === null)
          await redis.hset(queue(installationId), key, JSON.stringify({ ...each, told: Date.now() }));
      return next.flatMap(([key]) => subjectOfKey(installationId, key) ?? []);
    },
  };
}

const placeOf = (repositoryId: number, issue: number) => ({
  issue: `${repositoryId}#${issue}`,
  repository: String(repositoryId),
});

/** What its settings let an issue have at most, and its repository. Settings that can't be read start nothing. */
function limitsOf({ settings }: Snapshot["repository"]): Pick<Waiter, "limit" | "wants"> {
  if (settings.kind === "invalid") return { limit: 0, wants: 0 };
  const { repository, parallel } = settings.settings.limits;
  return { limit: repository, wants: parallel };
}

/** Those that may be given a slot: not those that were told so and didn't come, as their repository may be gone. */
const inTurn = (waiting: Record<string, Waiting>): Waiter[] =>
  Object.values(waiting).filter(({ told }) => told === null || Date.now() - told < TURN_MS);

/** What the cluster runs of an installation, and what was claimed a moment ago. Claims that are over are removed. */
async function runsAtWork(
  { redis, cluster, runs }: SlotsPorts,
  installationId: number,
  key: string,
): Promise<AtWork[]> {
  // First: a run that is claimed and started in between is then seen at least once.
  const claims = Object.entries(await redis.hgetall(key));
  const seen = (await cluster.list()).filter((run) => run.labels.installationId === installationId);
  const listed = new Map(seen.map((run) => [run.name, run.state.kind]));
  const atWork: AtWork[] = seen
    .filter((run) => run.state.kind === "running")
    .map((run) => ({ run: run.name, ...placeOf(run.labels.repositoryId, run.labels.issue) }));
  const over: string[] = [];
  const judge = async ([run, text]: [string, string]): Promise<void> => {
    const { at, ...place } = Claim.parse(JSON.parse(text));
    const young = Date.now() - at < CLAIM_MS;
    const known = listed.get(run);
    if (!known && (young || (await runs.getJob(run)))) atWork.push({ run, ...place });
    // One that is at work may be unknown to another replica's cluster still.
    else if (known !== "running" || !young) over.push(run);
  };
  await Promise.all(claims.map(judge));
  if (over.length > 0) await redis.hdel(key, ...over);
  return atWork;
}
