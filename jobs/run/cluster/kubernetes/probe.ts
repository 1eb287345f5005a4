import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import type { V1ContainerStateTerminated, V1Job, V1Pod } from "@kubernetes/client-node";

import type { RunSpec } from "../cluster.ts";
import type { PodSettings } from "../manifest.ts";
import { CONTAINER, jobOf, secretOf } from "../manifest.ts";
import type { Api } from "./create.ts";
import { patchJob } from "./create.ts";
import { MARK } from "./marks.ts";
import { merge } from "./merge.ts";
import { podsOf, removeJob } from "./remove.ts";

/** Pulling the image counts, too. Helm gives a test five minutes by default. */
const PATIENCE_MS = 4 * 60_000;
const LOOK_MS = 1000;

/**
 * Starts a pod like an agent's that does nothing but look around; what is wrong, as a sentence, or null: it reaches the gate,
 * and neither the canary nor DNS. Leaves nothing. Throws where the cluster refuses it.
 */
export async function probe(api: Api, settings: PodSettings): Promise<string | null> {
  const command = ["node", "/app/agent-pod/runner/probe.ts"];
  const template = merge(settings.template ?? {}, { spec: { containers: [{ name: CONTAINER, command }] } });
  const spec = nobodysRun();
  const ours = { ...settings, template };
  const { namespace } = settings;
  // Without what it would be an attempt at the app takes it for none of its runs.
  const body = merge(jobOf(spec, ours), { metadata: { annotations: { [MARK.labels]: null } } });
  const job = await api.batch.createNamespacedJob({ namespace, body });
  try {
    await api.core.createNamespacedSecret({ namespace, body: secretOf(spec, ours, job.metadata?.uid ?? "") });
    await patchJob(api, job, { spec: { suspend: false } });
    const { exitCode, message = "", reason = "" } = await endOf(api, job);
    if (exitCode !== 0) return `The pod ended with code ${exitCode}: ${message || reason}`;
    return message || null;
  } finally {
    await removeJob(api, { job, pods: await podsOf(api, job) }, 0);
  }
}

async function endOf({ core }: Api, job: V1Job): Promise<V1ContainerStateTerminated> {
  const { namespace = "", uid = "", name = "" } = job.metadata ?? {};
  const labelSelector = `batch.kubernetes.io/controller-uid=${uid}`;
  let seen: V1Pod | undefined;
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(LOOK_MS)) {
    seen = (await core.listNamespacedPod({ namespace, labelSelector })).items[0];
    const end = stateOf(seen)?.terminated;
    if (end) return end;
  }
  const why = stateOf(seen)?.waiting ?? seen?.status?.conditions?.find(({ status }) => status === "False");
  const said = [why?.reason, why?.message].filter(Boolean).join(": ");
  throw new Error(
    seen
      ? `The pod of ${name} in ${namespace} doesn't end: ${said || (seen.status?.phase ?? "")}.`
      : `No pod comes of the Job ${name} in ${namespace}: its events tell why (kubectl -n ${namespace} describe job ${name}).`,
  );
}

const stateOf = (pod: V1Pod | undefined) =>
  pod?.status?.containerStatuses?.find(({ name }) => name === CONTAINER)?.state;

/** As a run, so that its pod is like all others; it isn't one, and nobody takes its pass. */
function nobodysRun(): RunSpec {
  const name = `cx-probe-${randomBytes(4).toString("hex")}`;
  const nobody = { name: "nobody", email: "" };
  return {
    name,
    labels: {
      repository: "",
      repositoryId: 0,
      installationId: 0,
      issue: 0,
      task: "probe",
      purpose: "implement",
      attempt: 1,
    },
    image: null,
    size: null,
    pass: "none",
    brief: {
      run: name,
      purpose: "implement",
      repository: { id: 1, owner: "", name: "" },
      issue: { number: 1, title: "", body: "" },
      task: { id: "probe", title: "", body: "" },
      base: { branch: "", sha: "" },
      branch: { name: "", exists: false },
      feedback: [],
      quotes: [],
      setup: [],
      test: null,
      verify: false,
      hosts: [],
      agent: { preset: "", model: "" },
      limits: { minutes: 5, tokens: 1 },
      author: nobody,
      coAuthor: null,
    },
  };
}
