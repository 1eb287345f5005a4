import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import { CoreV1Api } from "@kubernetes/client-node";
import type { V1Pod } from "@kubernetes/client-node";

import { report, startModel } from "../twin/demo/model.ts";
import { openClusterStage } from "./clusterStage.ts";
import type { ClusterStage } from "./clusterStage.ts";
import { planOf } from "./dag.ts";
import { median } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { openNamespace } from "./namespace.ts";
import type { Namespace } from "./namespace.ts";
import { label, plannedIssue } from "./planned.ts";
import { clusterConfig } from "./watch.ts";

const IMAGE = "localhost/coxswain-agent:test";
const TIMES = 5;
const PATIENCE_MS = 180_000;
/** The limits are production's; so little is asked for that it fits beside what else is tried on the cluster. */
const TEMPLATE = {
  spec: {
    containers: [
      {
        name: "agent",
        resources: { requests: { cpu: "50m", memory: "256Mi", "ephemeral-storage": "10Mi" } },
      },
    ],
  },
};

/** What happens from the event to the first prompt, in its order; times are milliseconds since 1970. */
const STEPS = [
  "the webhook is answered",
  "its Job is there",
  "its pod is there",
  "scheduled",
  "its container runs",
  "the gate is reached",
  "cloned and set up",
  "the agent answers",
  "prompted: the model's first request",
] as const;
type Times = Record<(typeof STEPS)[number] | "event", number>;

/** How long it takes from an event to the agent's first prompt, with real pods and the real agent. */
export async function prompt(): Promise<Figure[]> {
  const namespace = await openNamespace();
  try {
    const asked: number[] = [];
    const done = report({
      title: "Nothing",
      what: "There is nothing to do.",
      why: "",
      tested: "",
      answers: {},
    });
    // The planner is another: all that asks here are agents.
    const model = await startModel(() => {
      asked.push(Date.now());
      return done;
    });
    try {
      const stage = await openClusterStage(
        {},
        { namespace: namespace.name, image: IMAGE, podTemplate: TEMPLATE },
        { host: await addressForPods(), llmUrl: model.url },
      );
      try {
        const all: Times[] = [];
        // The first reads the image from the disk.
        for (let count = 0; count <= TIMES; count++) all.push(await prompted(stage, namespace, asked));
        return figures(all.slice(1));
      } finally {
        await stage.close();
      }
    } finally {
      await model.stop();
    }
  } finally {
    await namespace.close();
  }
}

function figures(all: Times[]): Figure[] {
  const seconds = (from: keyof Times, to: keyof Times) =>
    median(all.map((times) => (times[to] - times[from]) / 1000));
  const order = ["event", ...STEPS] as const;
  const last = STEPS[STEPS.length - 1]!;
  const of = `median of ${TIMES}; issue labelled, its plan of one task approved before; opencode in a pod; the model is scripted`;
  return [
    {
      figure: "prompt: event → the agent's first",
      value: seconds("event", last),
      unit: "s",
      goal: "beside it",
      against: of,
    },
    ...STEPS.map((step, at) => ({
      figure: `prompt: … ${step}`,
      value: seconds(order[at]!, step),
      unit: "s",
      goal: "",
      against: `after ${at === 0 ? "the event" : `"${order[at]}"`}`,
    })),
  ];
}

async function prompted(stage: ClusterStage, namespace: Namespace, asked: number[]): Promise<Times> {
  const issue = await plannedIssue(stage, planOf([{ id: "digits", after: [], ms: 0 }]));
  asked.length = 0;
  namespace.beginAnew();
  const event = Date.now();
  await label(stage, issue);
  await stage.twin.idle();
  const webhook = Date.now();
  const pod = await over(namespace, stage);
  const name = pod.metadata?.name ?? "";
  const run = pod.metadata?.labels?.["batch.kubernetes.io/job-name"] ?? "";
  const log = await namespace.core.readNamespacedPodLog({
    name,
    namespace: namespace.name,
    timestamps: true,
  });
  const line = (text: string): number => {
    const found = log.split("\n").find((each) => each.includes(`"text":"${text}`));
    if (!found) throw new Error(`The log of ${name} doesn't tell of "${text}":\n${log.slice(0, 2000)}`);
    return Date.parse(found.slice(0, found.indexOf(" ")));
  };
  const first = asked[0];
  if (first === undefined) throw new Error(`The agent asked no model:\n${log.slice(-2000)}`);
  const times: Times = {
    event,
    "the webhook is answered": webhook,
    "its Job is there": seenAt(namespace, `job ${run}`),
    "its pod is there": seenAt(namespace, "pod"),
    scheduled: seenAt(namespace, "scheduled"),
    "its container runs": seenAt(namespace, "running"),
    "the gate is reached": await greeted(stage, run),
    "cloned and set up": line("starting the agent"),
    "the agent answers": line("the agent is at work"),
    "prompted: the model's first request": first,
  };
  await stage.still();
  return times;
}

/** The pod, once it is over: then its log is whole. */
async function over({ seen, last }: Namespace, { log }: ClusterStage): Promise<V1Pod> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    const pod = last();
    if (seen.has("over") && pod) return pod;
    if (Date.now() > until) throw new Error(`No pod came to its end in time:\n${log.tail(8)}`);
  }
}

function seenAt({ seen }: Namespace, what: string): number {
  const at = seen.get(what);
  if (at === undefined) throw new Error(`The cluster didn't tell when "${what}" was.`);
  return at;
}

/** When the gate let the run in first, by its log. */
async function greeted({ gateLog }: ClusterStage, run: string): Promise<number> {
  const lines = (await readFile(gateLog, "utf8")).split("\n");
  const line = lines.find((each) => each.includes(`"${run}"`) && each.includes('"verb":"hello"'));
  if (!line) throw new Error(`The gate's log doesn't tell of ${run}.`);
  return Date.parse((JSON.parse(line) as { time: string }).time);
}

/** This machine's address, as the cluster's pods reach it: a node's own, where a node is this machine. */
async function addressForPods(): Promise<string> {
  const given = process.env["BENCH_HOST"];
  if (given) return given;
  const { items } = await clusterConfig().makeApiClient(CoreV1Api).listNode();
  const nodes = items.flatMap(({ status }) => status?.addresses ?? []);
  const own = new Set(
    Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? []),
  );
  const found = nodes.find(({ type, address }) => type === "InternalIP" && own.has(address));
  if (!found)
    throw new Error("No node is this machine: set BENCH_HOST to the address at which pods reach it.");
  return found.address;
}
