// Looks at made-up answers of GitHub, for the tests beside this file.
import type { Redis } from "ioredis";
import { expect } from "vitest";

import type { Cluster, SeenRun } from "../../run/cluster/cluster.ts";
import type { Snapshot } from "../decide/snapshot.ts";
import { firstState } from "../decide/state.ts";
import type { State } from "../decide/state.ts";
import { printStatus } from "../statusComment.ts";
import { look } from "./look.ts";
import type { LookPorts, NoIssue } from "./look.ts";
import {
  app,
  commentNode,
  issueFields,
  planFields,
  pullFields,
  readOnly,
  repositoryFields,
  us,
} from "./madeUp.ts";
import type { Answers } from "./madeUp.ts";
import { whole } from "./pager.ts";
import type { RepositoryFields } from "./readIssue.ts";

const subject = { kind: "issue" as const, installationId: 1, owner: "Acme", name: "Shop", number: 12 };
export const home = { appId: 7, repositoryId: 4711, issue: 12, key: Buffer.alloc(32, 1) };

export const run = (given: Partial<State["runs"][number]> = {}): State["runs"][number] => ({
  name: "cx-12-implement-1",
  purpose: "implement",
  task: "fix",
  attempt: 1,
  at: "2026-01-01T12:00:00Z",
  takes: [],
  tokens: 0,
  end: null,
  ...given,
});

export const seenRun: SeenRun = {
  name: "cx-12-implement-1",
  labels: {
    repository: "acme/shop",
    repositoryId: 4711,
    installationId: 1,
    issue: 12,
    task: "fix",
    purpose: "implement",
    attempt: 1,
  },
  startedAt: new Date(0),
  state: { kind: "running" },
  spent: 3,
};

/** An issue with the status comment that holds this state, and others. */
export const withState = (
  given: Partial<State>,
  others: ReturnType<typeof commentNode>[] = [],
): RepositoryFields["issueOrPullRequest"] => {
  const body = printStatus({ ...home, visible: "Working.", state: { ...firstState(), ...given } });
  const comments = whole([commentNode(90, { author: us, body }), ...others]);
  return { kind: "Issue", ...issueFields({ comments }) };
};

/** A cluster with these runs, which may be asked for those of this issue alone. */
export const listing = (runs: SeenRun[], issue: { repositoryId: number; issue: number }): Cluster => {
  const not = (): never => {
    throw new Error("A look starts and ends nothing.");
  };
  return {
    list: async (of) => {
      expect(of).toEqual(issue);
      return runs;
    },
    ensure: not,
    follow: not,
    remember: not,
    stop: not,
    forget: not,
    watch: not,
  };
};

/** What there is beside the repository. */
export interface Given extends Partial<LookPorts> {
  /** Pull requests by node id. */
  pulls?: Record<string, Partial<ReturnType<typeof pullFields>>>;
  /** What only plan comments need, by node id. */
  plans?: Record<string, Partial<ReturnType<typeof planFields>>>;
  runs?: SeenRun[];
  /** How GitHub answers what is asked beside the one call and its pull requests. */
  answers?: Answers;
}

/** Looks at an issue of a repository that GitHub describes as `fields`. */
export async function lookAt(
  redis: Redis,
  fields: Partial<RepositoryFields>,
  { pulls = {}, plans = {}, runs = [], answers = unexpected, ...ports }: Given = {},
): Promise<{ seen: Snapshot | NoIssue; calls: string[] }> {
  const github = readOnly((call) => {
    const asked = (call.variables["pulls"] ?? []) as string[];
    const found = asked.map((id) => pulls[id] && pullFields({ id, ...pulls[id] }));
    const plan = ((call.variables["plan"] ?? []) as string[]).map(
      (id) => plans[id] && planFields(id, plans[id]),
    );
    if (call.name === "LookIssue") return { repository: repositoryFields(fields), pulls: found, plan };
    if (call.name === "LookPlan" && plan[0]) return { plan };
    return call.name === "LookPulls" ? { pulls: found } : answers(call);
  });
  const seen = await look(subject, {
    github,
    redis,
    prefix: "coxswain:7",
    cluster: listing(runs, { repositoryId: 4711, issue: 12 }),
    app,
    stateKey: home.key,
    model: "gpt",
    choices: null,
    followed: async () => [],
    result: async () => null,
    room: async () => 4,
    actors: () => [],
    approvers: () => [],
    ...ports,
  });
  return { seen, calls: github.calls };
}

const unexpected: Answers = ({ name }) => new Error(`no call of ${name} was expected`);

/** What was seen, which must be an issue. */
export function snapshot({ seen }: { seen: Snapshot | NoIssue }): Snapshot {
  if ("kind" in seen) throw new Error(`no issue, but ${seen.kind}`);
  return seen;
}
