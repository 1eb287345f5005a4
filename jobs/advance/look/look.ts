import type { Redis } from "ioredis";

import type { Choices } from "../../../app/config/choices.ts";
import type { Installation } from "../../../app/github.ts";
import type { IssueSubject } from "../../../app/subject.ts";
import type { Cluster } from "../../run/cluster/cluster.ts";
import { ROOT, taskBranch } from "../decide/branches.ts";
import type { PlanResult, Snapshot } from "../decide/snapshot.ts";
import type { State } from "../decide/state.ts";
import { isStale, writtenRevision } from "../revision.ts";
import { readHints, writeHints } from "./hints.ts";
import type { Hints } from "./hints.ts";
import { issue as issueOf } from "./issue.ts";
import { allOf } from "./pager.ts";
import { permissions } from "./permissions.ts";
import { readPlan } from "./plan.ts";
import { pull as pullOf } from "./pull.ts";
import { readIssue } from "./readIssue.ts";
import type { Reading } from "./readIssue.ts";
import { readWork } from "./readPulls.ts";
import { NO_HEAD, readRefusals } from "../refusals.ts";
import { repository as repositoryOf } from "./repository.ts";
import { heldBack } from "../../run/walls.ts";
import { evidence, written } from "./status.ts";
import type { Written } from "./status.ts";
import type { App } from "./words.ts";

export interface LookPorts {
  github: Installation;
  redis: Redis;
  /** Begins all of this app's keys in Redis. */
  prefix: string;
  cluster: Cluster;
  app: App;
  /** The key of the state's HMAC. */
  stateKey: Buffer;
  /** Of the private key before, while that is rotated. */
  previousStateKey?: Buffer;
  /** The model that is used where the repository names none. */
  model: string;
  /** What a repository's settings may name. */
  choices: Choices;
  /** Which of these runs a worker follows, or will. */
  followed(names: string[]): Promise<string[]>;
  /** What a run without a pod left. */
  result(name: string): Promise<PlanResult | null>;
  /** How many more runs of agents the issue may start. */
  room(of: RoomOf): Promise<number>;
  /** Logins of the people whose permission counts. */
  actors(snapshot: Omit<Snapshot, "permissions">): string[];
  /** Those among them whose permission may not come from a cache, however short: they approve. */
  approvers(snapshot: Omit<Snapshot, "permissions">): string[];
}

/** Whose room is asked for: an issue, and its agents' runs that the state began and nobody has seen the end of. */
export interface RoomOf {
  subject: IssueSubject;
  repository: Snapshot["repository"];
  begun: string[];
}

/** What is there instead of an issue: nothing that the app may see, or a pull request (`branch` null: from a fork). */
export type NoIssue = { kind: "notFound" } | { kind: "pull"; branch: string | null };

/**
 * Reads everything that `decide` may know of an issue, or throws (design §1): `Stale` where GitHub's answer is older than
 * what was written, GitHub's errors as they come. Mostly it takes one call to GitHub, and one for each permission that
 * wasn't asked for in the last minute.
 */
export async function look(subject: IssueSubject, ports: LookPorts): Promise<Snapshot | NoIssue> {
  const hints = await readHints(ports.redis, ports.prefix, subject);
  const read = await readIssue(ports.github, subject, hints);
  if (read.kind !== "issue") return read;
  const { snapshot, seen } = await assemble(subject, ports, read);
  if (JSON.stringify(seen) !== JSON.stringify(hints))
    await writeHints(ports.redis, ports.prefix, subject, seen);
  const { repository } = snapshot;
  const fresh = ports.approvers(snapshot);
  const of = { prefix: ports.prefix, repository, fresh };
  const people = [...new Set([...ports.actors(snapshot), ...fresh])];
  return { ...snapshot, permissions: await permissions(ports.github, ports.redis, of, people) };
}

type Issue = Extract<Reading, { kind: "issue" }>;

async function assemble(
  subject: IssueSubject,
  ports: LookPorts,
  read: Issue,
): Promise<{ snapshot: Omit<Snapshot, "permissions">; seen: Hints }> {
  const { github, redis, prefix, app } = ports;
  const labels = await allOf(github, "repositoryLabels", { id: read.repository.id }, read.repository.labels);
  const repository = repositoryOf(read.repository, labels, ports.choices);
  const issue = issueOf(read.issue, app);
  const of = { prefix, repositoryId: repository.id, issue: issue.number };
  const comment = written(issue.comments, {
    ...of,
    appId: app.id,
    key: ports.stateKey,
    ...(ports.previousStateKey && { previousKey: ports.previousStateKey }),
  });
  const state = comment.kind === "found" ? comment.state : null;
  const stale = comment.kind !== "forged" && (await isStale(redis, of, state?.revision ?? null));

  const generation = state?.generation ?? read.hints.generation;
  const work = await readWork(github, read, { app, generation, state });
  const pulls = work.pulls.map((pull) => pullOf(pull, app));
  const planComment = await readPlan(github, read.plan, { comments: issue.comments, state });
  const { begun, ...runs } = await runsOf(state, { repositoryId: repository.id, issue: issue.number }, ports);
  const signs = evidence({
    labels: issue.labels,
    branches: Object.keys(work.branches),
    runs: runs.runs,
    revision: await writtenRevision(redis, of),
  });
  const snapshot = {
    app: { id: app.id, slug: app.slug },
    installationId: subject.installationId,
    repository,
    issue,
    status: statusOf(comment, stale, signs),
    branches: work.branches,
    pulls,
    planComment,
    refusals: await readRefusals(redis, of, [
      ...pulls.map(({ number, head }) => ({ what: number, head })),
      { what: taskBranch(issue.number, generation, ROOT), head: NO_HEAD },
    ]),
    room: await ports.room({ subject, repository, begun }),
    held: await heldBack(redis, prefix),
    ...runs,
    model: ports.model,
  };
  const plan = planComment?.comment.nodeId ?? null;
  return { snapshot, seen: { generation, pulls: pulls.map((pull) => pull.nodeId), plan } };
}

/** What is known of the runs that the cluster has, and of those that the state began and that haven't ended there. */
async function runsOf(
  state: State | null,
  of: { repositoryId: number; issue: number },
  ports: LookPorts,
): Promise<Pick<Snapshot, "runs" | "followed" | "results"> & Pick<RoomOf, "begun">> {
  const runs = await ports.cluster.list(of);
  const open = state?.runs.filter((run) => run.end === null) ?? [];
  const names = open.map((run) => run.name);
  const left = await results(ports, names);
  const over = new Set(runs.filter((run) => run.state.kind !== "running").map((run) => run.name));
  return {
    runs,
    followed: await ports.followed([...new Set([...names, ...runs.map((run) => run.name)])]),
    results: left,
    begun: open
      .filter((run) => run.purpose !== "plan" && !over.has(run.name) && !left[run.name])
      .map((run) => run.name),
  };
}

function statusOf(comment: Written, stale: boolean, signs: string | null): Snapshot["status"] {
  switch (comment.kind) {
    case "none":
      return signs === null ? comment : { kind: "missing", evidence: signs };
    case "forged":
      return comment;
    case "found":
      return { ...comment, stale };
  }
}

async function results(ports: LookPorts, names: string[]): Promise<Snapshot["results"]> {
  const found = await Promise.all(names.map(async (name) => [name, await ports.result(name)] as const));
  return Object.fromEntries(found.filter((each): each is [string, PlanResult] => each[1] !== null));
}
