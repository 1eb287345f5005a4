import { EventEmitter, once } from "node:events";

import { BatchV1Api, CoreV1Api } from "@kubernetes/client-node";
import type { KubeConfig, V1Job } from "@kubernetes/client-node";
import type { Logger } from "pino";

import type { Address } from "../../../app/config/kubernetes.ts";
import type { Cluster, RunLabels, SeenRun } from "./cluster.ts";
import { atMost } from "./kubernetes/atMost.ts";
import { openCache } from "./kubernetes/cache.ts";
import { createRun, patchJob, readAccount, readJob, unlessMissing } from "./kubernetes/create.ts";
import { lastPod } from "./kubernetes/ending.ts";
import type { Patience, PodState, Sight } from "./kubernetes/ending.ts";
import { answersOf, followLines } from "./kubernetes/follow.ts";
import type { LogSource } from "./kubernetes/follow.ts";
import { gateAddress, wallsOf } from "./kubernetes/addresses.ts";
import { openJudge } from "./kubernetes/judge.ts";
import { readLog } from "./kubernetes/log.ts";
import { MARK, readLabels, selectorOf } from "./kubernetes/marks.ts";
import { podsOf, removeJob } from "./kubernetes/remove.ts";
import { hasBegun } from "./kubernetes/endOfPod.ts";
import { timeOf } from "./kubernetes/time.ts";
import type { PodSettings } from "./manifest.ts";

export interface KubernetesOptions extends Omit<PodSettings, "gate" | "walls" | "serviceAccount"> {
  config: KubeConfig;
  /** The gate's base URL, as pods are to reach it. */
  gateUrl: string;
  /** What pods must show that they can't reach; null: they needn't. */
  canary: Address | null;
  dns: Address | null;
  serviceAccount: string | null;
  log: Pick<Logger, "warn">;
  /** Tests only. */
  patience?: Patience;
}

export interface KubernetesCluster extends Cluster {
  /** Ends the watches; runs go on. */
  close(): Promise<void>;
}

const PATIENCE: Patience = { roomMs: 30 * 60_000, startMs: 3 * 60_000 };
/** A pod that is told to end by us has no more than this: people expect it to be gone. */
const GRACE_MS = 2000;
/** How long a run that ended stays after it was forgotten. */
const TTL_SECONDS = 30;
const ANSWERS_MS = 60_000;
/** More at once are made no sooner, and what else is asked of the API would wait for all of them. */
const MADE_AT_ONCE = 4;

/** Runs as Jobs of a Kubernetes cluster: one Job and one pod each, all in one namespace. */
export function kubernetesCluster(options: KubernetesOptions): KubernetesCluster {
  const { config, namespace } = options;
  const api = { batch: config.makeApiClient(BatchV1Api), core: config.makeApiClient(CoreV1Api) };
  // One listener per follower.
  const bell = new EventEmitter().setMaxListeners(0);
  const changed = (name: string): void => {
    bell.emit(`run ${name}`);
    bell.emit("any", name);
  };
  const judge = openJudge(options.patience ?? PATIENCE, changed);
  const cache = openCache({ ...options, ...api, selector: selectorOf(options.app) }, changed);
  const answers = new Map<string, Promise<Record<string, string>>>();
  const inTurn = atMost(MADE_AT_ONCE);

  const isOver = (name: string): boolean => {
    const sight = cache.get(name);
    return !sight || judge.stateOf(sight).kind !== "running";
  };
  const until = async (name: string, condition: () => boolean, signal: AbortSignal): Promise<void> => {
    while (!condition()) await once(bell, `run ${name}`, { signal });
  };
  const sourceOf = (name: string): LogSource => ({
    begun: async (signal) => {
      const begun = (): string | null => podWithLog(cache.get(name));
      await until(name, () => begun() !== null || isOver(name), signal);
      return begun();
    },
    over: (signal) => until(name, () => isOver(name), signal),
    isOver: () => isOver(name),
    read: (pod, part, signal) => readLog(config, { namespace, pod }, part, signal),
  });
  const answersFor = async ({ job }: Sight, { purpose }: RunLabels): Promise<Record<string, string>> => {
    // It begins a task, so it took up no feedback: its log needn't be read once more.
    if (purpose === "implement") return {};
    const { name = "", uid = "" } = job.metadata ?? {};
    const known = answers.get(uid) ?? answersOf(sourceOf(name), AbortSignal.timeout(ANSWERS_MS));
    answers.set(uid, known);
    return known;
  };
  const glance = (sight: Sight): SeenRun | null => {
    const { job } = sight;
    const labels = readLabels(job.metadata);
    if (!labels || isForgotten(job)) return null;
    const { name = "", annotations } = job.metadata ?? {};
    const state = judge.stateOf(sight);
    return {
      name,
      labels,
      startedAt: timeOf(job.metadata?.creationTimestamp) ?? new Date(0),
      state: state.kind === "ended" ? { ...state, answers: null } : state,
      spent: Number(annotations?.[MARK.spent] ?? 0),
    };
  };
  const see = async (sight: Sight): Promise<SeenRun | null> => {
    const run = glance(sight);
    if (run?.state.kind !== "ended") return run;
    return { ...run, state: { ...run.state, answers: await answersFor(sight, run.labels) } };
  };
  const drop = (job: V1Job): void => {
    const { name = "", uid = "" } = job.metadata ?? {};
    cache.drop(name);
    judge.drop(uid);
    answers.delete(uid);
  };
  // One that is to be forgotten leaves nothing behind when the cluster has removed it.
  bell.on("any", (name: string) => {
    const sight = cache.get(name);
    if (sight?.gone.job && isForgotten(sight.job)) drop(sight.job);
  });

  return {
    ensure: async (spec) => {
      const [gate, walls, serviceAccount] = await Promise.all([
        gateAddress(options.gateUrl),
        wallsOf(options),
        options.serviceAccount === null ? null : readAccount(api, namespace, options.serviceAccount),
      ]);
      const settings = { ...options, gate, walls, serviceAccount };
      cache.put(await inTurn(() => createRun(api, spec, settings)));
    },
    list: async (of) => {
      await cache.ready;
      const wanted = (labels: RunLabels | null): boolean =>
        !of || (labels?.repositoryId === of.repositoryId && labels.issue === of.issue);
      const sights = cache.all((job) => wanted(readLabels(job.metadata)));
      const seen = of ? await Promise.all(sights.map(see)) : sights.map(glance);
      return seen.filter((run) => run !== null);
    },
    follow: async function* (name, from, signal) {
      await cache.ready;
      yield* followLines(sourceOf(name), from, signal);
    },
    remember: async (name, spent) => {
      await cache.ready;
      const sight = cache.get(name);
      const known = Number(sight?.job.metadata?.annotations?.[MARK.spent] ?? 0);
      if (!sight || sight.gone.job || spent <= known) return;
      const job = await unlessMissing(patchJob(api, sight.job, annotate(MARK.spent, String(spent))));
      if (job) cache.put(job);
    },
    stop: async (name, graceMs) => {
      const job = await readJob(api, namespace, name);
      if (!job || !readLabels(job.metadata)) return;
      // First, so that whoever sees it go knows why.
      const mark = annotate(MARK.stopped, new Date().toISOString());
      const [stopped, pods] = await Promise.all([unlessMissing(patchJob(api, job, mark)), podsOf(api, job)]);
      await removeJob(api, { job, pods }, Math.ceil(Math.min(graceMs, GRACE_MS) / 1000));
      cache.vanished(stopped ?? job);
    },
    forget: async (name) => {
      await cache.ready;
      const sight = cache.get(name);
      if (!sight) return;
      const { job, gone } = sight;
      if (judge.stateOf(sight).kind === "running")
        throw new Error(`The run ${name} still runs: it can't be forgotten.`);
      if (gone.job) return drop(job);
      const ttl = { spec: { ttlSecondsAfterFinished: TTL_SECONDS } };
      const patched = await unlessMissing(
        patchJob(api, job, { ...annotate(MARK.forgotten, new Date().toISOString()), ...ttl }),
      );
      if (!patched) return drop(job);
      cache.put(patched);
      // Given up before it began, it would never be finished.
      if (!isFinished(sight)) await removeJob(api, { job, pods: await podsOf(api, job) }, 0);
    },
    watch: async (told) => {
      const known = new Map<string, string>();
      let closed = false;
      const tell = async (name: string): Promise<void> => {
        await cache.ready;
        const sight = cache.get(name);
        if (!sight) return void known.delete(name);
        const news = newsOf(sight, judge.stateOf(sight));
        if (news === (known.get(name) ?? newsOf(sight, { kind: "running" }))) return;
        known.set(name, news);
        const run = await see(sight);
        if (run && !closed) told(run);
      };
      const tellAll = async (): Promise<void> => {
        await cache.ready;
        for (const { job } of cache.all(() => true)) await tell(job.metadata?.name ?? "");
      };
      const listener = (name: string): void => void tell(name);
      bell.on("any", listener);
      void tellAll();
      return async () => {
        closed = true;
        bell.off("any", listener);
      };
    },
    close: async () => {
      judge.close();
      await cache.close();
    },
  };
}

/** The name of the run's pod if its container has begun, else null. */
function podWithLog(sight: Sight | null): string | null {
  const pod = sight && lastPod(sight.pods);
  return pod && hasBegun(pod) && !sight.gone.pods.has(pod.metadata?.uid ?? "")
    ? (pod.metadata?.name ?? null)
    : null;
}

/** Whether the Job's controller has, or will have by itself, called it finished: only then its time to live counts. */
function isFinished({ pods, job }: Sight): boolean {
  const isDone = job.status?.conditions?.some(
    ({ type, status }) => status === "True" && (type === "Failed" || type === "Complete"),
  );
  const pod = lastPod(pods);
  return isDone === true || (pod !== null && hasBegun(pod));
}

/** What is told of a run: a change of this. */
const newsOf = ({ job }: Sight, state: PodState): string =>
  JSON.stringify([job.metadata?.uid, state.kind, state.kind === "running" ? state.waits : null]);

const isForgotten = (job: V1Job): boolean => job.metadata?.annotations?.[MARK.forgotten] !== undefined;

const annotate = (mark: string, value: string): { metadata: { annotations: Record<string, string> } } => ({
  metadata: { annotations: { [mark]: value } },
});
