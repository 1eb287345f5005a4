import type { V1Job, V1PodSpec, V1PodTemplateSpec, V1Secret } from "@kubernetes/client-node";

import type { Size } from "../../../app/config/kubernetes.ts";
import { RunRefused } from "./cluster.ts";
import type { RunSpec } from "./cluster.ts";
import { annotationsOf, labelsOf } from "./kubernetes/marks.ts";
import { merge } from "./kubernetes/merge.ts";

/** What all runs' pods have in common. */
export interface PodSettings {
  /** The app's instance: its GitHub id. Two in one namespace don't see each other's runs. */
  app: string;
  namespace: string;
  /** It owns all Jobs, so that none outlives what it was installed with; null: nobody does. */
  serviceAccount: { name: string; uid: string } | null;
  /** The agents' image; its entry point is the runner. */
  image: string;
  /** Other images, and sizes, that a run may name. */
  images: Record<string, string>;
  sizes: Record<string, Size>;
  gate: GateAddress;
  walls: Walls;
  /** Merged over our own pod template (`merge`): runtime class, node selector, tolerations, pull secrets, sizes. */
  template: object | null;
}

/** Where pods find the gate: they have no DNS, so a name comes with its address. */
export interface GateAddress {
  url: string;
  alias: { ip: string; host: string } | null;
}

/** What a pod must show that it can't reach, as `ip:port`. */
export interface Walls {
  canary: string | null;
  dns: string | null;
}

/** The container of a run's pod that the runner is in. */
export const CONTAINER = "agent";

/** What the runner has to do within its own, earlier deadline; before it comes pulling the image, after it pushing. */
const MARGIN_MINUTES = 10;
/** How long a pod that is told to end may push what it has. */
const GRACE_SECONDS = 60;
const USER = 1000;
const RUN = "/run/coxswain";

/**
 * The Job of a run, as it is created: suspended, until its Secret is there. Throws for a name that isn't one of a run.
 *
 * @throws {RunRefused} for an image or a size that isn't there.
 */
export function jobOf(spec: RunSpec, settings: PodSettings): V1Job {
  const { name, labels } = spec;
  if (!/^[a-z0-9](?:[a-z0-9-]{0,50}[a-z0-9])?$/.test(name))
    throw new Error(`"${name}" can't be the name of a run.`);
  const metadata = { labels: labelsOf(labels, settings.app), annotations: annotationsOf(spec) };
  const { serviceAccount: owner } = settings;
  const ownerReferences = owner ? [{ apiVersion: "v1", kind: "ServiceAccount", ...owner }] : [];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: settings.namespace, ownerReferences, ...metadata },
    spec: {
      suspend: true,
      // Another attempt is another run, with a name of its own.
      backoffLimit: 0,
      completions: 1,
      parallelism: 1,
      podReplacementPolicy: "Failed",
      // What befell the pod is told apart from what the run did: the Job says `PodFailurePolicy`, also when the pod is gone.
      podFailurePolicy: {
        rules: [{ action: "FailJob", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
      },
      template: podOf(spec, settings, metadata),
    },
  };
}

/** The Secret with a run's brief and pass. It goes when its owner, the Job, goes. */
export function secretOf(spec: RunSpec, settings: PodSettings, jobUid: string): V1Secret {
  const { name, labels, brief, pass } = spec;
  const encode = (text: string): string => Buffer.from(text).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      namespace: settings.namespace,
      labels: labelsOf(labels, settings.app),
      ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name, uid: jobUid, controller: true }],
    },
    type: "Opaque",
    immutable: true,
    data: { "brief.json": encode(JSON.stringify(brief)), pass: encode(pass) },
  };
}

function podOf(
  spec: RunSpec,
  settings: PodSettings,
  { labels, annotations }: { labels: Record<string, string>; annotations: Record<string, string> },
): V1PodTemplateSpec {
  const { name, brief } = spec;
  const { gate, serviceAccount, template } = settings;
  const ours = {
    metadata: {
      labels,
      annotations: { ...annotations, "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" },
    },
    spec: {
      restartPolicy: "Never",
      // On the pod: a Job's own deadline deletes the pod, and with it its log and its outcome.
      activeDeadlineSeconds: Math.ceil((brief.limits.minutes + MARGIN_MINUTES) * 60),
      terminationGracePeriodSeconds: GRACE_SECONDS,
      ...(serviceAccount && { serviceAccountName: serviceAccount.name }),
      ...ISOLATION,
      hostAliases: gate.alias ? [{ ip: gate.alias.ip, hostnames: [gate.alias.host] }] : [],
      containers: [container(settings)],
      volumes: [
        // Of a group that the container's user is in; nobody else reads it.
        { name: "run", secret: { secretName: name, defaultMode: 0o440 } },
        ...SCRATCH.map((each) => ({ name: each.name, emptyDir: {} })),
      ],
    },
  };
  return merge(merge(ours, template ?? {}), chosen(spec, settings));
}

/** What the run names, to go over all else: the image and the size were chosen for it, the template for all. */
function chosen({ image, size }: RunSpec, { images, sizes }: PodSettings): object {
  const container = {
    name: CONTAINER,
    ...(image !== null && { image: named("image", image, images) }),
    ...(size !== null && { resources: sized(named("size", size, sizes)) }),
  };
  return { spec: { containers: [container] } };
}

function named<T>(what: string, name: string, all: Record<string, T>): T {
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(all).map((each) => `\`${each}\``);
  throw new RunRefused(
    `There is no ${what} of the name \`${name}\`; ${names.length === 0 ? "the app has none to choose" : `the app has ${names.join(", ")}`}.`,
  );
}

/** Of each resource that the size names only what it says, since our request may be above its limit. */
function sized({ limits = {}, requests = {} }: Size): object {
  const none = Object.fromEntries(Object.keys({ ...limits, ...requests }).map((name) => [name, null]));
  return { limits: { ...none, ...limits }, requests: { ...none, ...requests } };
}

/** Pod security `restricted` (https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted), and less. */
const ISOLATION = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: USER,
    runAsGroup: USER,
    fsGroup: USER,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  },
  // Nobody listens there: a lookup fails at once instead of waiting for an answer that a policy holds back.
  dnsPolicy: "None",
  dnsConfig: {
    nameservers: ["127.0.0.1"],
    options: [
      { name: "timeout", value: "1" },
      { name: "attempts", value: "1" },
    ],
  },
} satisfies Partial<V1PodSpec>;

/** What may be written to; all else is read-only. The work tree's path is fixed: an agent's session remembers it. */
const SCRATCH = [
  { name: "work", mountPath: "/work" },
  { name: "home", mountPath: "/home/agent" },
  { name: "tmp", mountPath: "/tmp" },
];

function container({ image, gate, walls }: PodSettings): V1PodSpec["containers"][number] {
  const env = {
    COXSWAIN_BRIEF: `${RUN}/brief.json`,
    COXSWAIN_PASS_FILE: `${RUN}/pass`,
    COXSWAIN_GATE: gate.url,
    ...(walls.canary && { COXSWAIN_CANARY: walls.canary }),
    ...(walls.dns && { COXSWAIN_DNS: walls.dns }),
    COXSWAIN_OUTCOME: "/dev/termination-log",
    COXSWAIN_WORK: "/work",
    HOME: "/home/agent",
    TMPDIR: "/tmp",
  };
  return {
    name: CONTAINER,
    image,
    imagePullPolicy: "IfNotPresent",
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    workingDir: "/work",
    resources: {
      requests: { cpu: "250m", memory: "1Gi", "ephemeral-storage": "1Gi" },
      limits: { cpu: "2", memory: "4Gi", "ephemeral-storage": "10Gi" },
    },
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "run", mountPath: RUN, readOnly: true },
      ...SCRATCH.map(({ name, mountPath }) => ({ name, mountPath })),
    ],
  };
}
