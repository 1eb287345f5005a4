import type { BatchV1Api, CoreV1Api, V1Job } from "@kubernetes/client-node";
import { ApiException, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";

import type { RunSpec } from "../cluster.ts";
import { RunRefused } from "../cluster.ts";
import type { PodSettings } from "../manifest.ts";
import { jobOf, secretOf } from "../manifest.ts";
import { merge } from "./merge.ts";
import { annotationsOf, labelsOf, MARK } from "./marks.ts";

export interface Api {
  batch: BatchV1Api;
  core: CoreV1Api;
}

const CONFLICT = 409;
/** https://kubernetes.io/docs/reference/using-api/api-concepts/#response-status-codes: the same request would be refused again. */
const REFUSALS = new Set([400, 403, 404, 405, 413, 415, 422]);

/**
 * Makes the run's Job, suspended, then its Secret, owned by it, then lets it go; what of that is there already stays. So a
 * caller killed on the way leaves nothing that starts without its brief, or stays without its owner.
 *
 * @throws {RunRefused} for another run's Job, one that is being deleted, and what the cluster refuses for good.
 */
export async function createRun(api: Api, spec: RunSpec, settings: PodSettings): Promise<V1Job> {
  const job = (await createJob(api, spec, settings)) ?? (await adopt(api, spec, settings));
  if (!job.spec?.suspend) return job;
  await createSecret(api, spec, settings, job.metadata?.uid ?? "");
  return patchJob(api, job, { spec: { suspend: false } });
}

/** A merge patch of the Job, which must still be that one. https://datatracker.ietf.org/doc/html/rfc7386 */
export function patchJob({ batch }: Api, { metadata }: V1Job, patch: object): Promise<V1Job> {
  const { name = "", namespace = "", uid } = metadata ?? {};
  // A uid in a patch is a precondition: another Job of that name is a conflict.
  const body = merge({ metadata: { uid } }, patch);
  return batch.patchNamespacedJob(
    { name, namespace, body },
    setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
  );
}

/** The Job under that name, or null. */
export async function readJob({ batch }: Api, namespace: string, name: string): Promise<V1Job | null> {
  return unlessMissing(batch.readNamespacedJob({ namespace, name }));
}

/** The service account of that name. Throws where there is none: something is being installed, or was deleted. */
export async function readAccount(
  { core }: Api,
  namespace: string,
  name: string,
): Promise<{ name: string; uid: string }> {
  const there = await unlessMissing(core.readNamespacedServiceAccount({ namespace, name }));
  const uid = there?.metadata?.uid;
  if (!uid) throw new Error(`There is no ServiceAccount ${name} in the namespace ${namespace}.`);
  return { name, uid };
}

/** Null where the API says that it isn't there. */
export function unlessMissing<T>(answer: Promise<T>): Promise<T | null> {
  return answer.catch((error: unknown) => {
    if (error instanceof ApiException && error.code === 404) return null;
    throw error;
  });
}

/** Null: there is one of that name. */
async function createJob({ batch }: Api, spec: RunSpec, settings: PodSettings): Promise<V1Job | null> {
  try {
    return await batch.createNamespacedJob({ namespace: settings.namespace, body: jobOf(spec, settings) });
  } catch (error) {
    if (error instanceof ApiException && error.code === CONFLICT) return null;
    throw refusal(error, spec.name);
  }
}

async function adopt(api: Api, spec: RunSpec, settings: PodSettings): Promise<V1Job> {
  const there = await readJob(api, settings.namespace, spec.name);
  if (!there) throw new Error(`The Job ${spec.name} went while it was looked at.`);
  const wanted = annotationsOf(spec);
  const found = there.metadata?.annotations ?? {};
  const where = `A Job ${spec.name} is already in the namespace ${settings.namespace}`;
  const app = labelsOf(spec.labels, settings.app)[MARK.app];
  if (there.metadata?.labels?.[MARK.app] !== app || found[MARK.run] !== wanted[MARK.run])
    throw new RunRefused(`${where}, and it isn't this app's. Delete or rename it.`);
  if (found[MARK.brief] !== wanted[MARK.brief])
    throw new RunRefused(`${where}, with another brief than this run's. Delete it.`);
  if (there.metadata?.deletionTimestamp)
    throw new RunRefused(`${where}, and it is being deleted. Its finalizers may hold it.`);
  return there;
}

async function createSecret(api: Api, spec: RunSpec, settings: PodSettings, jobUid: string): Promise<void> {
  const { namespace } = settings;
  try {
    await api.core.createNamespacedSecret({ namespace, body: secretOf(spec, settings, jobUid) });
  } catch (error) {
    if (!(error instanceof ApiException) || error.code !== CONFLICT) throw refusal(error, spec.name);
    const there = await unlessMissing(api.core.readNamespacedSecret({ namespace, name: spec.name }));
    // That of a Job before, which the cluster is about to collect, holds another pass.
    if (there?.metadata?.ownerReferences?.some(({ uid }) => uid === jobUid)) return;
    throw new Error(`The Secret ${spec.name} of an earlier Job is still there.`, { cause: error });
  }
}

/** What the same request would meet again is for a person; a full quota and the rest may pass. */
function refusal(error: unknown, name: string): unknown {
  if (!(error instanceof ApiException)) return error;
  const said = messageOf(error);
  const words = `The cluster refuses ${name}: ${said}`;
  if (!REFUSALS.has(error.code) || /exceeded quota/.test(said)) return new Error(words, { cause: error });
  return new RunRefused(words, { cause: error });
}

/** The API's own sentence: `body` is text of a Status. */
function messageOf(error: ApiException<unknown>): string {
  try {
    const status: unknown = typeof error.body === "string" ? JSON.parse(error.body) : error.body;
    if (typeof status === "object" && status && "message" in status) return String(status.message);
  } catch {
    // not JSON: a proxy's page
  }
  return `code ${error.code}`;
}
