/**
 * A whole world in the cluster of `KUBECONFIG`, for the tests of a file:
 *
 *     const world = useWorld();                       // before all: twin, model, Redis, chart; after all: nothing is left
 *     test("…", async () => {
 *       const issue = await world().issue({ repo: "notes", body: "Write a.txt." });
 *       await issue.reaches("in review");
 *     });
 *
 * Three namespaces: `<name>` has the chart (release `cx`), `<name>-agents` the agents, `<name>-props` the twin of GitHub,
 * the scripted model, a Redis, and a CI where one is asked for. People act through the twin's API, by a port-forward.
 * The issues that the model understands are in `pods/script.ts`; `world().atWork()` gives a real agent in the middle of
 * its work, held by the model's answer. When a test fails, pods, events, logs and issues are printed.
 */
import { randomBytes } from "node:crypto";

import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { afterAll, afterEach, beforeAll } from "vitest";

import { MARK } from "../../jobs/run/cluster/kubernetes/marks.ts";
import { startGitHub } from "./github.ts";
import type { GitHub } from "./github.ts";
import { install } from "./install.ts";
import type { Install, Values } from "./install.ts";
import { openIssue } from "./issue.ts";
import type { Issue } from "./issue.ts";
import { apply, kubectl, list } from "./kubectl.ts";
import { startModel } from "./model.ts";
import type { Model } from "./model.ts";
import { addressesOf, redisPod } from "./props.ts";
import { tellOf } from "./trouble.ts";
import { until } from "./until.ts";

export interface WorldOptions {
  /** Over the chart's values. */
  values?: Values;
  /** The chart's own Redis, on a volume. Otherwise one of the tests', which takes none. */
  builtInRedis?: boolean;
  /** Repositories beside `notes`, with their files. */
  repositories?: Record<string, Record<string, string>>;
  /** Those of them whose pushes a CI checks. */
  checked?: string[];
}

export interface World extends Install {
  github: GitHub;
  model: Model;
  /** The namespace of the twin, the model and Redis. */
  props: string;
  /** Someone writes an issue, a maintainer labels it. */
  issue(said: { repo?: string; title?: string; body: string; labelled?: boolean }): Promise<Issue>;
  /** A real agent at work on an issue of its own, which waits for the model's answer to its step `from` until it is released. */
  atWork(options?: { repo?: string; from?: number }): Promise<AtWork>;
  /** The agents' Jobs, or those of an issue. */
  jobs(issue?: Issue): Promise<V1Job[]>;
  /** The agents' pods, or those of an issue, once there is one; ended ones too. */
  pods(issue?: Issue): Promise<V1Pod[]>;
  /** The pod of that issue that is at work, once it is. */
  podOf(issue: Issue): Promise<Pod>;
  /** Runs a command in a pod: what it prints. */
  exec(pod: Pod, ...command: string[]): Promise<string>;
  /** Waits until agents have left nothing: no Job, no pod, no Secret. */
  isTidy(): Promise<void>;
}

export interface Pod {
  namespace: string;
  name: string;
  uid: string;
}

export interface AtWork {
  issue: Issue;
  pod: Pod;
  /** What the agent is to write. */
  file: string;
  /** How many requests it has made of the model. */
  asked(): Promise<number>;
  /** Lets the model answer. */
  release(): Promise<void>;
}

/** A world for all tests of this file. */
export function useWorld(options: WorldOptions = {}): () => World {
  const name = `cx-${randomBytes(3).toString("hex")}`;
  const issues: Issue[] = [];
  const ends: (() => void)[] = [];
  let world: World | null = null;
  const its = (): World => {
    if (!world) throw new Error("There is no world before the tests begin.");
    return world;
  };
  const namespaces = [name, `${name}-agents`, `${name}-props`];
  beforeAll(async () => {
    try {
      world = await makeWorld(name, options, { issues, ends });
    } catch (error) {
      console.error(await tellOf(namespaces));
      throw error;
    }
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    const said = await Promise.all(issues.map(wordsOf));
    console.error([...said, await tellOf(namespaces)].join("\n"));
  });
  afterAll(async () => {
    for (const end of ends) end();
    await removeAll(namespaces);
  });
  return its;
}

/** What has to be looked after: issues to tell of after a failure, and what has to be ended. */
interface Kept {
  issues: Issue[];
  ends: (() => void)[];
}

async function makeWorld(name: string, options: WorldOptions, { issues, ends }: Kept): Promise<World> {
  const props = `${name}-props`;
  await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: props } });
  const { builtInRedis = false, repositories = {}, checked = [], values = {} } = options;
  if (!builtInRedis) await apply(...redisPod(props));
  const github = await startGitHub(props);
  ends.push(() => github.close());
  const model = await startModel(props);
  ends.push(() => model.close());
  const redis = builtInRedis
    ? null
    : await addressesOf(props, "redis").then(() => `redis://redis.${props}:6379`);
  for (const [repo, files] of Object.entries({ notes: NOTES, ...repositories }))
    await github.makeRepository(repo, files);
  if (checked.length > 0) await github.checkPushes(checked);
  const installed = await install({ namespace: name, github, model, values, redis });
  return {
    github,
    model,
    props,
    ...installed,
    ...inspection(installed.agents),
    ...work(installed, github, model, issues),
  };
}

/** A repository without a CI: what agents push counts as passed at once. */
const NOTES = {
  "README.md": "# Notes\n",
  ".github/coxswain.yml": "grace: 0s\nlimits: {attempts: 2}\n",
};

function inspection(agents: string): Pick<World, "jobs" | "pods" | "podOf" | "exec" | "isTidy"> {
  const selector = (issue?: Issue) => (issue ? `coxswain.dev/issue=${issue.number}` : "");
  const ofRepo = <T extends V1Job | V1Pod>(found: T[], issue?: Issue): T[] =>
    issue ? found.filter(({ metadata }) => repoOf(metadata) === `${issue.at.owner}/${issue.at.repo}`) : found;
  const jobs = async (issue?: Issue) => ofRepo(await list<V1Job>(agents, "jobs", selector(issue)), issue);
  const pods = async (issue?: Issue) => ofRepo(await list<V1Pod>(agents, "pods", selector(issue)), issue);
  return {
    jobs,
    pods,
    podOf: async (issue) =>
      until(`the pod of #${issue.number}`, async () => {
        const pod = (await pods(issue)).find(({ status }) => status?.phase === "Running");
        const { name, uid } = pod?.metadata ?? {};
        return name && uid ? { namespace: agents, name, uid } : null;
      }),
    exec: ({ namespace, name }, ...command) => kubectl(["exec", "-n", namespace, name, "--", ...command]),
    isTidy: async () => {
      const left = () => kubectl(["get", "jobs,pods,secrets", "-n", agents, "-o", "name"]);
      // A Job that has ended stays for half a minute.
      await until("agents to leave nothing behind", async () => (await left()).trim() === "", 90);
    },
  };
}

/** The repository that an object's annotations name. */
function repoOf(metadata: V1Job["metadata"]): string {
  const labels = JSON.parse(metadata?.annotations?.[MARK.labels] ?? "{}") as { repository?: string };
  return labels.repository ?? "";
}

function work(
  { agents }: Install,
  github: GitHub,
  model: Model,
  issues: Issue[],
): Pick<World, "issue" | "atWork"> {
  const issue: World["issue"] = async ({ repo = "notes", ...said }) => {
    const { api, owner, tokens } = github;
    const opened = await openIssue({ api, owner, repo, tokens, ...said });
    issues.push(opened);
    return opened;
  };
  return {
    issue,
    atWork: async ({ repo = "notes", from = 0 } = {}) => {
      const file = `notes/${randomBytes(4).toString("hex")}.txt`;
      await model.hold(file, from);
      const opened = await issue({ repo, body: `Write ${file}.` });
      const asked = async () => (await model.askedBy(file)).length;
      await until(`an agent to be at work on #${opened.number}`, async () => (await asked()) > from, 120);
      const pod = await inspection(agents).podOf(opened);
      return { issue: opened, pod, file, asked, release: () => model.release(file) };
    },
  };
}

async function wordsOf(issue: Issue): Promise<string> {
  const said = await issue.comments().catch((error: unknown) => [String(error)]);
  return `\n=== ${issue.at.repo}#${issue.number}\n${said.join("\n---\n")}`;
}

async function removeAll(namespaces: string[]): Promise<void> {
  // Nobody is left whom they would have to end in good order for.
  for (const namespace of namespaces)
    await kubectl(["delete", "pods", "--all", "--grace-period=1", "--wait=false", "-n", namespace]);
  await kubectl(["delete", "namespace", "--ignore-not-found", "--timeout=120s", ...namespaces]);
}
