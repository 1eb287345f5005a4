import { createHash } from "node:crypto";

import type { Redis } from "ioredis";
import type { Logger } from "pino";

import type { Bell } from "../app/bell.ts";
import { parseSettings } from "../app/config/repository.ts";
import type { Installation } from "../app/github.ts";
import { PHASES, phaseLabel } from "../app/phase.ts";
import type { IssueSubject } from "../app/subject.ts";
import { subjectKey } from "../app/subject.ts";
import { issueOfBranch } from "../app/webhooks.ts";
import { SweepDocument } from "./advance/look/queries.gen.ts";
import type { SweepQuery, SweepQueryVariables } from "./advance/look/queries.gen.ts";
import type { Cluster } from "./run/cluster/cluster.ts";

/** A repository that the app is installed on. */
interface Place {
  installationId: number;
  owner: string;
  name: string;
}

export interface SweepPorts {
  redis: Redis;
  prefix: string;
  bell: Bell;
  cluster: Cluster;
  github(installationId: number): Promise<Installation>;
  /** Every repository of every installation. */
  places(): Promise<Place[]>;
  log: Logger;
}

/** What is remembered of the last sweep: an issue is rung when it looks otherwise now. */
type Seen = Map<string, { subject: IssueSubject; print: string }>;

const LIVE_LABELS = PHASES.filter((phase) => phase !== "done" && phase !== "stopped").map(phaseLabel);

/**
 * Rings what a lost event left silent, every `seconds`: a plain timer in every replica, one at a time by a short lock (a
 * job scheduler would die with its Redis). An issue where nothing has changed since the last sweep costs no call of its own.
 */
export function startSweep(ports: SweepPorts, seconds: number): { close(): void; now(): Promise<void> } {
  const run = () =>
    sweepOnce(ports, seconds).catch((error) => ports.log.error({ err: error }, "a sweep failed"));
  const timer = setInterval(() => void run(), seconds * 1000);
  return { close: () => clearInterval(timer), now: run };
}

async function sweepOnce(ports: SweepPorts, seconds: number): Promise<void> {
  const { redis, prefix } = ports;
  // Not released: it also keeps other replicas from sweeping again at once.
  const mine = await redis.set(
    `${prefix}:sweeping`,
    String(process.pid),
    "PX",
    Math.max(500, seconds * 800),
    "NX",
  );
  if (mine === null) return;
  const places = await ports.places();
  const seen: Seen = new Map();
  for (const place of places)
    for (const each of await read(place, ports)) seen.set(subjectKey(each.subject), each);
  await addRuns(ports, seen);
  const before = await redis.hgetall(`${prefix}:swept`);
  const changed = [...seen].filter(([key, { print }]) => before[key] !== print);
  // One that is in the list no more may have been merged, closed or unlabelled.
  const gone = Object.keys(before).filter((key) => !seen.has(key));
  await Promise.all(changed.map(([, { subject }]) => ports.bell.ring(subject)));
  await Promise.all(gone.map((key) => ringKey(key, places, ports)));
  await redis.del(`${prefix}:swept`);
  if (seen.size > 0)
    await redis.hset(
      `${prefix}:swept`,
      Object.fromEntries([...seen].map(([key, { print }]) => [key, print])),
    );
  ports.log.info({ places: places.length, issues: seen.size, rung: changed.length + gone.length }, "swept");
}

async function ringKey(key: string, places: Place[], { bell }: SweepPorts): Promise<void> {
  const [repository, number] = key.split("#");
  const place = places.find((each) => `${each.owner}/${each.name}`.toLowerCase() === repository);
  if (place && number) await bell.ring({ kind: "issue", ...place, number: Number(number) });
}

/** Issues with a run, whatever their labels say. */
async function addRuns({ cluster }: SweepPorts, seen: Seen): Promise<void> {
  for (const { labels, name, state } of await cluster.list()) {
    const [owner = "", repository = ""] = labels.repository.split("/");
    const subject: IssueSubject = {
      kind: "issue",
      installationId: labels.installationId,
      owner,
      name: repository,
      number: labels.issue,
    };
    const key = subjectKey(subject);
    seen.set(key, { subject, print: digest([seen.get(key)?.print ?? "", name, state.kind]) });
  }
}

async function read(place: Place, ports: SweepPorts): Promise<{ subject: IssueSubject; print: string }[]> {
  const github = await ports.github(place.installationId);
  const key = `${ports.prefix}:trigger:${place.owner}/${place.name}`.toLowerCase();
  const trigger = (await ports.redis.get(key)) ?? "agent";
  const first = await readAll(place, github, trigger);
  const settings = parseSettings(first.settings);
  const named = "settings" in settings ? settings.settings.label : trigger;
  const { facts } = named === trigger ? first : await readAll(place, github, named);
  await ports.redis.set(key, named, "EX", 7 * 86_400);
  return [...facts].map(([number, said]) => ({
    subject: { kind: "issue", ...place, number },
    print: digest(said),
  }));
}

/** All pages of one repository: by issue, what is known of it. */
async function readAll(
  place: Place,
  github: Installation,
  trigger: string,
): Promise<{ settings: string | null; facts: Map<number, string[]> }> {
  const facts = new Map<number, string[]>();
  const note = (number: number | null, fact: unknown) => {
    if (number !== null) facts.set(number, [...(facts.get(number) ?? []), JSON.stringify(fact)]);
  };
  let settings: string | null = null;
  let cursors: Pick<SweepQueryVariables, "pullsAfter" | "liveAfter" | "askedAfter"> = {};
  for (let more = true; more;) {
    const variables: SweepQueryVariables = {
      owner: place.owner,
      name: place.name,
      live: LIVE_LABELS,
      trigger,
      ...cursors,
    };
    const { repository } = await github.query<SweepQuery>(SweepDocument, { ...variables });
    if (!repository) break;
    if (repository.settings?.__typename === "Blob") settings = repository.settings.text;
    const { live, asked, pulls } = repository;
    for (const issue of [...nodes(live), ...nodes(asked)]) note(issue.number, issue);
    for (const pull of nodes(pulls)) note(issueOfBranch(pull.headRefName), pull);
    more = [live, asked, pulls].some((connection) => connection.pageInfo.hasNextPage);
    cursors = {
      liveAfter: after(live, cursors.liveAfter),
      askedAfter: after(asked, cursors.askedAfter),
      pullsAfter: after(pulls, cursors.pullsAfter),
    };
  }
  return { settings, facts };
}

const nodes = <T>(connection: { nodes: (T | null)[] | null }): T[] =>
  (connection.nodes ?? []).filter((node) => node !== null);

/** Where the next page begins; a connection that is at its end stays there and gives nothing more. */
const after = (
  connection: { pageInfo: { endCursor: string | null } },
  before: string | null | undefined,
): string | null => connection.pageInfo.endCursor ?? before ?? null;

/** Pages may overlap while they are read: a fact counts once. */
const digest = (facts: string[]): string =>
  createHash("sha256")
    .update([...new Set(facts)].sort().join("\n"))
    .digest("base64url");
