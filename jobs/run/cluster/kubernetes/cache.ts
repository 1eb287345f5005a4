import { ListWatch, Watch } from "@kubernetes/client-node";
import type {
  BatchV1Api,
  CoreV1Api,
  CoreV1Event,
  KubeConfig,
  KubernetesListObject,
  KubernetesObject,
  V1Job,
  V1Pod,
} from "@kubernetes/client-node";
import type { Logger } from "pino";

import { openAsker } from "./askPods.ts";
import { isOver } from "./endOfPod.ts";
import { jobEnd } from "./ending.ts";
import type { Sight } from "./ending.ts";
import { Grouped } from "./grouped.ts";

export interface CachePorts {
  config: KubeConfig;
  batch: BatchV1Api;
  core: CoreV1Api;
  namespace: string;
  /** What chooses this app's Jobs and pods. */
  selector: string;
  log: Pick<Logger, "warn">;
}

/** What the cluster tells of this app's runs, kept up to date by watches: nothing is asked for twice. */
export interface Cache {
  /** When everything was listed once: before that nothing may be concluded from what isn't there. */
  ready: Promise<void>;
  /** All runs with such a Job, those too whose Job vanished, until they are dropped. */
  all(such: (job: V1Job) => boolean): Sight[];
  get(name: string): Sight | null;
  /** Takes in what the API has just answered, ahead of the watch. */
  put(job: V1Job): void;
  /** Keeps the Job as it looked last, as one that isn't there any more. */
  vanished(job: V1Job): void;
  drop(name: string): void;
  close(): Promise<void>;
}

const RESTART_MS = 1000;
const RESTART_MOST_MS = 30_000;

/** A cache that calls `changed` with the name of each run that looks otherwise. */
export function openCache(ports: CachePorts, changed: (name: string) => void): Cache {
  const { batch, core, namespace, selector } = ports;
  const jobs = new Map<string, { job: V1Job; gone: boolean }>();
  /** By the Job that they are of. */
  const pods = new Grouped<{ pod: V1Pod; gone: boolean }>();
  /** By what they are about. */
  const events = new Grouped<CoreV1Event>();

  const ofPod = (pod: V1Pod): string => pod.metadata?.labels?.["batch.kubernetes.io/job-name"] ?? "";
  const isPodOver = (jobUid: string) => pods.of(jobUid).some(({ pod, gone }) => gone || isOver(pod));
  const put = (job: V1Job): void => {
    const known = jobs.get(nameOf(job));
    // An answer of the API that the news of its end overtook.
    if (known?.gone && uidOf(known.job) === uidOf(job)) return;
    jobs.set(nameOf(job), { job, gone: false });
    if (jobEnd(job) && !isPodOver(uidOf(job))) asker.ask(job);
    changed(nameOf(job));
  };
  const vanished = (job: V1Job): void => {
    const known = jobs.get(nameOf(job));
    // A later one of that name is another.
    if (!known || known.job.metadata?.uid !== job.metadata?.uid) return;
    jobs.set(nameOf(job), { job, gone: true });
    changed(nameOf(job));
  };
  const putPod = (pod: V1Pod, gone: boolean): void => {
    pods.set(uidOf(pod), ownerOf(pod) ?? "", { pod, gone });
    if (gone && !jobs.has(ofPod(pod))) pods.delete(uidOf(pod));
    changed(ofPod(pod));
  };
  const asker = openAsker({
    api: ports,
    isNeeded: (uid) => !isPodOver(uid),
    answered: (job, listed) => {
      const there = new Set(listed.map(uidOf));
      for (const { pod } of pods.of(uidOf(job))) if (!there.has(uidOf(pod))) putPod(pod, true);
      for (const pod of listed) putPod(pod, false);
      changed(nameOf(job));
    },
  });
  const putEvent = (event: CoreV1Event): void => {
    const { kind, name = "", uid = "" } = event.involvedObject;
    events.set(uidOf(event), uid, event);
    const pod = pods.get(uid)?.pod;
    changed(kind === "Pod" && pod ? ofPod(pod) : name);
  };

  const watches = [
    keepWatching<V1Job>(ports, `/apis/batch/v1/namespaces/${namespace}/jobs`, {
      list: () => batch.listNamespacedJob({ namespace, labelSelector: selector }),
      labelSelector: selector,
      known: () => [...jobs.values()].filter(({ gone }) => !gone).map(({ job }) => job),
      put,
      remove: vanished,
    }),
    keepWatching<V1Pod>(ports, `/api/v1/namespaces/${namespace}/pods`, {
      list: () => core.listNamespacedPod({ namespace, labelSelector: selector }),
      labelSelector: selector,
      known: () => pods.all().flatMap(({ pod, gone }) => (gone ? [] : [pod])),
      put: (pod) => putPod(pod, false),
      remove: (pod) => putPod(pod, true),
    }),
    keepWatching<CoreV1Event>(ports, `/api/v1/namespaces/${namespace}/events`, {
      list: () => core.listNamespacedEvent({ namespace, fieldSelector: "type=Warning" }),
      fieldSelector: "type=Warning",
      known: () => events.all(),
      put: putEvent,
      remove: (event) => events.delete(uidOf(event)),
    }),
  ];

  const sightOf = ({ job, gone }: { job: V1Job; gone: boolean }): Sight => {
    const uid = uidOf(job);
    const mine = pods.of(uid);
    return {
      job,
      pods: mine.map(({ pod }) => pod),
      events: [uid, ...mine.map(({ pod }) => uidOf(pod))].flatMap((about) => events.of(about)),
      gone: { job: gone, pods: new Set(mine.filter((each) => each.gone).map(({ pod }) => uidOf(pod))) },
      asked: asker.hasAnswer(uid),
    };
  };

  return {
    ready: allOf(watches.map((each) => each.ready)),
    all: (such) => [...jobs.values()].filter(({ job }) => such(job)).map(sightOf),
    get: (name) => {
      const known = jobs.get(name);
      return known ? sightOf(known) : null;
    },
    put,
    vanished,
    drop: (name) => {
      const uid = jobs.get(name)?.job.metadata?.uid;
      jobs.delete(name);
      asker.drop(uid ?? "");
      for (const { pod, gone } of pods.of(uid ?? "")) if (gone) pods.delete(uidOf(pod));
    },
    close: async () => {
      asker.close();
      await Promise.all(watches.map((each) => each.close()));
    },
  };
}

async function allOf(promises: Promise<void>[]): Promise<void> {
  await Promise.all(promises);
}

const nameOf = (object: KubernetesObject): string => object.metadata?.name ?? "";
const uidOf = (object: KubernetesObject): string => object.metadata?.uid ?? "";
const ownerOf = (pod: V1Pod): string | undefined =>
  pod.metadata?.ownerReferences?.find(({ controller }) => controller)?.uid;

interface Watched<T extends KubernetesObject> {
  list(): Promise<KubernetesListObject<T>>;
  labelSelector?: string;
  fieldSelector?: string;
  /** What is known to be there. */
  known(): T[];
  put(object: T): void;
  remove(object: T): void;
}

/**
 * Lists, and watches from there on, until it is closed. The client begins a watch anew after 30 s without a word, since
 * some have gone silent without an error (kubernetes-client/javascript#596), and lists anew where the server can't go on.
 */
function keepWatching<T extends KubernetesObject>(
  { config, log }: CachePorts,
  path: string,
  { list, labelSelector, fieldSelector, known, put: take, remove }: Watched<T>,
): { ready: Promise<void>; close(): Promise<void> } {
  const ready = Promise.withResolvers<void>();
  let pause = RESTART_MS;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const put = (object: T): void => {
    // Who wrote which field is as much again as the rest.
    delete object.metadata?.managedFields;
    take(object);
  };
  const listAll = async (): Promise<KubernetesListObject<T>> => {
    const before = known();
    const listed = await list();
    const there = new Set(listed.items.map(uidOf));
    for (const object of before) if (!there.has(uidOf(object))) remove(object);
    for (const object of listed.items) put(object);
    pause = RESTART_MS;
    ready.resolve();
    return listed;
  };
  const watch = new ListWatch<T>(path, new Watch(config), listAll, false, labelSelector, fieldSelector);
  watch.on("add", put);
  watch.on("update", put);
  watch.on("delete", remove);
  watch.on("change", () => {
    pause = RESTART_MS;
  });
  const again = (error: unknown): void => {
    if (closed) return;
    const message = error instanceof Error ? error.message : String(error);
    log.warn({ path, error: message }, "the cluster can't be watched; it is tried again");
    clearTimeout(timer);
    timer = setTimeout(begin, pause);
    pause = Math.min(2 * pause, RESTART_MOST_MS);
  };
  const begin = (): void => void watch.start().catch(again);
  watch.on("error", again);
  begin();
  return {
    ready: ready.promise,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await watch.stop();
    },
  };
}
