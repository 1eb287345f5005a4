import { createHash } from "node:crypto";

import type { V1ObjectMeta } from "@kubernetes/client-node";
import { z } from "zod";

import type { Brief } from "../../../../agent-pod/contract/brief.ts";
import type { RunLabels, RunSpec } from "../cluster.ts";

/** What stands on the objects of a run, so that they are found, told from others', and survive us. */
export const MARK = {
  /** Labels: ids, which survive renames, and what fits into 63 characters. */
  app: "coxswain.dev/app",
  repository: "coxswain.dev/repository",
  issue: "coxswain.dev/issue",
  task: "coxswain.dev/task",
  purpose: "coxswain.dev/purpose",
  attempt: "coxswain.dev/attempt",
  /** Annotations: what is read by people, and by us. */
  labels: "coxswain.dev/labels",
  run: "coxswain.dev/run",
  brief: "coxswain.dev/brief",
  spent: "coxswain.dev/spent",
  stopped: "coxswain.dev/stopped",
  forgotten: "coxswain.dev/forgotten",
} as const;

const Labels = z.object({
  repository: z.string(),
  repositoryId: z.int(),
  installationId: z.int(),
  issue: z.int(),
  task: z.string(),
  purpose: z.enum(["implement", "fix", "resolve"]),
  attempt: z.int(),
});

/** The labels of a run's Job and pods. NetworkPolicies and people choose by them too. */
export function labelsOf(labels: RunLabels, app: string): Record<string, string> {
  return {
    "app.kubernetes.io/managed-by": "coxswain",
    "app.kubernetes.io/component": "agent",
    [MARK.app]: labelValue(app),
    [MARK.repository]: String(labels.repositoryId),
    [MARK.issue]: String(labels.issue),
    [MARK.task]: labelValue(labels.task),
    [MARK.purpose]: labels.purpose,
    [MARK.attempt]: String(labels.attempt),
  };
}

export function annotationsOf({ name, labels, brief }: RunSpec): Record<string, string> {
  return { [MARK.run]: name, [MARK.brief]: briefHash(brief), [MARK.labels]: JSON.stringify(labels) };
}

/** What chooses all Jobs and pods of this app. */
export const selectorOf = (app: string): string => `${MARK.app}=${labelValue(app)}`;

/** By the metadata that they were read from: each look asks for those of every Job. */
const known = new WeakMap<V1ObjectMeta, RunLabels | null>();

/** What the run of that object is an attempt at, or null if that doesn't stand on it. */
export function readLabels(meta: V1ObjectMeta | undefined): RunLabels | null {
  if (!meta) return null;
  const labels = known.get(meta) ?? parseLabels(meta.annotations?.[MARK.labels]);
  known.set(meta, labels);
  return labels;
}

function parseLabels(text: string | undefined): RunLabels | null {
  if (text === undefined) return null;
  try {
    return Labels.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * What a brief asks for, in so far as it stays the same when the same run is ordered once more: commits that came since,
 * the branch that it pushed itself and edited words are no reason not to follow it.
 */
export function briefHash({ run, purpose, repository, issue, task, branch }: Brief): string {
  const what = [run, purpose, repository.id, issue.number, task.id, branch.name];
  return createHash("sha256").update(JSON.stringify(what)).digest("hex").slice(0, 32);
}

/** `text` where it may be a label's value, else what of it may be, and a hash. https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
function labelValue(text: string): string {
  if (/^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/i.test(text)) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const readable = text.replace(/[^a-z0-9]+/gi, "-").replace(/^-+/, "");
  return `${readable.slice(0, 50)}-${hash}`.replace(/^-+/, "");
}
