import { expect, test } from "vitest";

import { demoBrief } from "../../../agent-pod/runner/testing/brief.ts";
import { RunRefused } from "./cluster.ts";
import type { RunLabels, RunSpec } from "./cluster.ts";
import { briefHash, readLabels } from "./kubernetes/marks.ts";
import { jobOf, secretOf } from "./manifest.ts";
import type { PodSettings } from "./manifest.ts";

const settings: PodSettings = {
  app: "7",
  namespace: "agents",
  serviceAccount: { name: "cx-agent", uid: "uid-0" },
  image: "ghcr.io/coxswain/agent@sha256:1234",
  images: { go: "ghcr.io/coxswain/agent-go@sha256:5678" },
  sizes: { small: { limits: { memory: "512Mi" } } },
  gate: { url: "http://gate:8080", alias: { ip: "10.96.4.5", host: "gate" } },
  walls: { canary: "10.96.4.5:9090", dns: "[fd00::a]:53" },
  template: null,
};

function spec(changes: Partial<RunLabels> = {}): RunSpec {
  return {
    name: "cx-12-implement-1-0a1b2c3d",
    labels: {
      repository: "octo/demo",
      repositoryId: 1,
      installationId: 7,
      issue: 12,
      task: "add",
      purpose: "implement",
      attempt: 1,
      ...changes,
    },
    brief: demoBrief("c".repeat(40)),
    image: null,
    size: null,
    pass: "cxp_secret",
  };
}

test("the Job", () => {
  expect(jobOf(spec(), settings)).toMatchInlineSnapshot(`
    {
      "apiVersion": "batch/v1",
      "kind": "Job",
      "metadata": {
        "annotations": {
          "coxswain.dev/brief": "76ca429caffc6ad12c332e8266da5908",
          "coxswain.dev/labels": "{"repository":"octo/demo","repositoryId":1,"installationId":7,"issue":12,"task":"add","purpose":"implement","attempt":1}",
          "coxswain.dev/run": "cx-12-implement-1-0a1b2c3d",
        },
        "labels": {
          "app.kubernetes.io/component": "agent",
          "app.kubernetes.io/managed-by": "coxswain",
          "coxswain.dev/app": "7",
          "coxswain.dev/attempt": "1",
          "coxswain.dev/issue": "12",
          "coxswain.dev/purpose": "implement",
          "coxswain.dev/repository": "1",
          "coxswain.dev/task": "add",
        },
        "name": "cx-12-implement-1-0a1b2c3d",
        "namespace": "agents",
        "ownerReferences": [
          {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "name": "cx-agent",
            "uid": "uid-0",
          },
        ],
      },
      "spec": {
        "backoffLimit": 0,
        "completions": 1,
        "parallelism": 1,
        "podFailurePolicy": {
          "rules": [
            {
              "action": "FailJob",
              "onPodConditions": [
                {
                  "status": "True",
                  "type": "DisruptionTarget",
                },
              ],
            },
          ],
        },
        "podReplacementPolicy": "Failed",
        "suspend": true,
        "template": {
          "metadata": {
            "annotations": {
              "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
              "coxswain.dev/brief": "76ca429caffc6ad12c332e8266da5908",
              "coxswain.dev/labels": "{"repository":"octo/demo","repositoryId":1,"installationId":7,"issue":12,"task":"add","purpose":"implement","attempt":1}",
              "coxswain.dev/run": "cx-12-implement-1-0a1b2c3d",
            },
            "labels": {
              "app.kubernetes.io/component": "agent",
              "app.kubernetes.io/managed-by": "coxswain",
              "coxswain.dev/app": "7",
              "coxswain.dev/attempt": "1",
              "coxswain.dev/issue": "12",
              "coxswain.dev/purpose": "implement",
              "coxswain.dev/repository": "1",
              "coxswain.dev/task": "add",
            },
          },
          "spec": {
            "activeDeadlineSeconds": 900,
            "automountServiceAccountToken": false,
            "containers": [
              {
                "env": [
                  {
                    "name": "COXSWAIN_BRIEF",
                    "value": "/run/coxswain/brief.json",
                  },
                  {
                    "name": "COXSWAIN_PASS_FILE",
                    "value": "/run/coxswain/pass",
                  },
                  {
                    "name": "COXSWAIN_GATE",
                    "value": "http://gate:8080",
                  },
                  {
                    "name": "COXSWAIN_CANARY",
                    "value": "10.96.4.5:9090",
                  },
                  {
                    "name": "COXSWAIN_DNS",
                    "value": "[fd00::a]:53",
                  },
                  {
                    "name": "COXSWAIN_OUTCOME",
                    "value": "/dev/termination-log",
                  },
                  {
                    "name": "COXSWAIN_WORK",
                    "value": "/work",
                  },
                  {
                    "name": "HOME",
                    "value": "/home/agent",
                  },
                  {
                    "name": "TMPDIR",
                    "value": "/tmp",
                  },
                ],
                "image": "ghcr.io/coxswain/agent@sha256:1234",
                "imagePullPolicy": "IfNotPresent",
                "name": "agent",
                "resources": {
                  "limits": {
                    "cpu": "2",
                    "ephemeral-storage": "10Gi",
                    "memory": "4Gi",
                  },
                  "requests": {
                    "cpu": "250m",
                    "ephemeral-storage": "1Gi",
                    "memory": "1Gi",
                  },
                },
                "securityContext": {
                  "allowPrivilegeEscalation": false,
                  "capabilities": {
                    "drop": [
                      "ALL",
                    ],
                  },
                  "readOnlyRootFilesystem": true,
                  "runAsNonRoot": true,
                },
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File",
                "volumeMounts": [
                  {
                    "mountPath": "/run/coxswain",
                    "name": "run",
                    "readOnly": true,
                  },
                  {
                    "mountPath": "/work",
                    "name": "work",
                  },
                  {
                    "mountPath": "/home/agent",
                    "name": "home",
                  },
                  {
                    "mountPath": "/tmp",
                    "name": "tmp",
                  },
                ],
                "workingDir": "/work",
              },
            ],
            "dnsConfig": {
              "nameservers": [
                "127.0.0.1",
              ],
              "options": [
                {
                  "name": "timeout",
                  "value": "1",
                },
                {
                  "name": "attempts",
                  "value": "1",
                },
              ],
            },
            "dnsPolicy": "None",
            "enableServiceLinks": false,
            "hostAliases": [
              {
                "hostnames": [
                  "gate",
                ],
                "ip": "10.96.4.5",
              },
            ],
            "restartPolicy": "Never",
            "securityContext": {
              "fsGroup": 1000,
              "fsGroupChangePolicy": "OnRootMismatch",
              "runAsGroup": 1000,
              "runAsNonRoot": true,
              "runAsUser": 1000,
              "seccompProfile": {
                "type": "RuntimeDefault",
              },
            },
            "serviceAccountName": "cx-agent",
            "terminationGracePeriodSeconds": 60,
            "volumes": [
              {
                "name": "run",
                "secret": {
                  "defaultMode": 288,
                  "secretName": "cx-12-implement-1-0a1b2c3d",
                },
              },
              {
                "emptyDir": {},
                "name": "work",
              },
              {
                "emptyDir": {},
                "name": "home",
              },
              {
                "emptyDir": {},
                "name": "tmp",
              },
            ],
          },
        },
      },
    }
  `);
});

test("the Secret holds brief and pass, can't be changed, and goes with its Job", () => {
  const { data, ...secret } = secretOf(spec(), settings, "uid-1");
  expect(secret).toMatchInlineSnapshot(`
    {
      "apiVersion": "v1",
      "immutable": true,
      "kind": "Secret",
      "metadata": {
        "labels": {
          "app.kubernetes.io/component": "agent",
          "app.kubernetes.io/managed-by": "coxswain",
          "coxswain.dev/app": "7",
          "coxswain.dev/attempt": "1",
          "coxswain.dev/issue": "12",
          "coxswain.dev/purpose": "implement",
          "coxswain.dev/repository": "1",
          "coxswain.dev/task": "add",
        },
        "name": "cx-12-implement-1-0a1b2c3d",
        "namespace": "agents",
        "ownerReferences": [
          {
            "apiVersion": "batch/v1",
            "controller": true,
            "kind": "Job",
            "name": "cx-12-implement-1-0a1b2c3d",
            "uid": "uid-1",
          },
        ],
      },
      "type": "Opaque",
    }
  `);
  expect(
    Object.entries(data ?? {}).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]),
  ).toEqual([
    ["brief.json", JSON.stringify(spec().brief)],
    ["pass", "cxp_secret"],
  ]);
});

test("nothing but the Secret holds the pass or the brief's words", () => {
  const printed = JSON.stringify(jobOf(spec(), settings));
  expect(printed).not.toContain("cxp_");
  expect(printed).not.toContain("It must return the sum.");
});

test.each<[task: string, label: RegExp]>([
  ["add", /^add$/],
  ["add_login.v2", /^add_login\.v2$/],
  ["a".repeat(63), /^a{63}$/],
  ["a".repeat(64), /^a{50}-[0-9a-f]{8}$/],
  ["übergröße", /^bergr-e-[0-9a-f]{8}$/],
  ["-add-", /^add--[0-9a-f]{8}$/],
  ["日本", /^[0-9a-f]{8}$/],
  ["", /^[0-9a-f]{8}$/],
])("the task %j has the label %s, and is readable as it is", (task, label) => {
  const { metadata } = jobOf(spec({ task }), settings);
  const value = metadata?.labels?.["coxswain.dev/task"] ?? "";
  expect(value).toMatch(label);
  expect(value).toMatch(/^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,61})?[A-Za-z0-9]$/);
  expect(readLabels(metadata)?.task).toBe(task);
});

test("tasks whose labels would be alike have different ones", () => {
  const labelOf = (task: string) => jobOf(spec({ task }), settings).metadata?.labels?.["coxswain.dev/task"];
  expect(labelOf("a b")).not.toBe(labelOf("a/b"));
});

test.each(["", "Add", "-add", "add-", "a/b", "../x", "a".repeat(53)])("%j is no name of a run", (name) => {
  expect(() => jobOf({ ...spec(), name }, settings)).toThrow("can't be the name of a run");
});

test("a brief's hash tells what is asked for, and nothing that moves by itself", () => {
  const brief = spec().brief;
  const later = {
    ...brief,
    base: { branch: "main", sha: "d".repeat(40) },
    branch: { ...brief.branch, exists: true },
  };
  expect(briefHash(later)).toBe(briefHash(brief));
  const changes = [
    { run: "other" },
    { purpose: "fix" as const },
    { repository: { ...brief.repository, id: 2 } },
    { issue: { ...brief.issue, number: 13 } },
    { task: { ...brief.task, id: "sub" } },
    { branch: { ...brief.branch, name: "agent/12/sub" } },
  ];
  const hashes = changes.map((change) => briefHash({ ...brief, ...change }));
  expect(new Set([briefHash(brief), ...hashes]).size).toBe(changes.length + 1);
});

test("a gate at an address needs no alias", () => {
  const job = jobOf(spec(), { ...settings, gate: { url: "http://10.0.0.9:8080", alias: null } });
  expect(job.spec?.template.spec?.hostAliases).toEqual([]);
});

test("the runner's minutes end before the pod's", () => {
  const brief = { ...spec().brief, limits: { minutes: 0.5, tokens: 1 } };
  expect(jobOf({ ...spec(), brief }, settings).spec?.template.spec?.activeDeadlineSeconds).toBe(630);
});

test("the operator's pod template goes over ours: by name, by mount path, one after the other, or taken away", () => {
  const template = {
    metadata: { labels: { team: "a" } },
    spec: {
      runtimeClassName: "gvisor",
      terminationGracePeriodSeconds: null,
      nodeSelector: { pool: "agents" },
      tolerations: [{ key: "agents", operator: "Exists" }],
      imagePullSecrets: [{ name: "registry" }],
      hostAliases: [{ ip: "10.0.0.1", hostnames: ["cache"] }],
      volumes: [
        { name: "work", emptyDir: { medium: "Memory" } },
        { name: "ca", configMap: { name: "ca" } },
      ],
      containers: [
        {
          name: "agent",
          resources: { limits: { memory: "8Gi" } },
          env: [
            { name: "TMPDIR", value: "/work" },
            { name: "NODE_EXTRA_CA_CERTS", value: "/ca/ca.crt" },
          ],
          volumeMounts: [{ name: "ca", mountPath: "/ca", readOnly: true }],
        },
      ],
    },
  };
  const before = jobOf(spec(), settings).spec?.template;
  const after = jobOf(spec(), { ...settings, template }).spec?.template;
  const pod = after?.spec;
  expect(after?.metadata?.labels).toEqual({ ...before?.metadata?.labels, team: "a" });
  expect(pod).toMatchObject({
    runtimeClassName: "gvisor",
    nodeSelector: { pool: "agents" },
    tolerations: [{ key: "agents" }],
    imagePullSecrets: [{ name: "registry" }],
    securityContext: before?.spec?.securityContext,
  });
  expect(pod).not.toHaveProperty("terminationGracePeriodSeconds");
  expect(pod?.hostAliases?.map((alias) => alias.hostnames)).toEqual([["gate"], ["cache"]]);
  expect(pod?.volumes?.map((volume) => volume.name)).toEqual(["run", "work", "home", "tmp", "ca"]);
  expect(pod?.volumes?.[1]?.emptyDir).toEqual({ medium: "Memory" });
  const [container, ...others] = pod?.containers ?? [];
  expect(others).toEqual([]);
  expect(container?.resources?.limits).toEqual({ cpu: "2", memory: "8Gi", "ephemeral-storage": "10Gi" });
  expect(container?.env?.filter(({ name }) => /TMPDIR|CA_CERTS/.test(name))).toEqual(
    template.spec.containers[0]?.env,
  );
  expect(container?.volumeMounts).toHaveLength(5);
  expect(container?.image).toBe(settings.image);
});

const containerOf = (run: Partial<RunSpec>, changes: Partial<PodSettings> = {}) =>
  jobOf({ ...spec(), ...run }, { ...settings, ...changes }).spec?.template.spec?.containers[0];

test("without a canary and DNS to try there is no word of them", () => {
  const container = containerOf({}, { walls: { canary: null, dns: null } });
  expect(container?.env?.map(({ name }) => name)).not.toContain("COXSWAIN_CANARY");
  expect(container?.env?.map(({ name }) => name)).not.toContain("COXSWAIN_DNS");
});

test("an image that a run names goes over the app's and the template's", () => {
  const template = {
    spec: {
      containers: [
        { name: "agent", image: "other:1" },
        { name: "side", image: "s:1" },
      ],
    },
  };
  expect(containerOf({ image: "go" }, { template })?.image).toBe(settings.images["go"]);
  expect(containerOf({}, { template })?.image).toBe("other:1");
});

test.each<[string, size: PodSettings["sizes"][string], limits: object, requests: object]>([
  [
    "a limit below our request leaves the request out",
    { limits: { memory: "512Mi" } },
    { cpu: "2", "ephemeral-storage": "10Gi", memory: "512Mi" },
    { cpu: "250m", "ephemeral-storage": "1Gi" },
  ],
  [
    "a request above our limit leaves the limit out",
    { requests: { cpu: "3" } },
    { memory: "4Gi", "ephemeral-storage": "10Gi" },
    { cpu: "3", memory: "1Gi", "ephemeral-storage": "1Gi" },
  ],
  [
    "another kind of resource is added",
    { limits: { "nvidia.com/gpu": "1" } },
    { cpu: "2", memory: "4Gi", "ephemeral-storage": "10Gi", "nvidia.com/gpu": "1" },
    { cpu: "250m", memory: "1Gi", "ephemeral-storage": "1Gi" },
  ],
  [
    "both",
    { limits: { cpu: "8", memory: "16Gi" }, requests: { cpu: "4" } },
    { cpu: "8", memory: "16Gi", "ephemeral-storage": "10Gi" },
    { cpu: "4", "ephemeral-storage": "1Gi" },
  ],
])("a size that a run names: %s", (_, size, limits, requests) => {
  expect(containerOf({ size: "it" }, { sizes: { it: size } })?.resources).toEqual({ limits, requests });
});

test.each<[string, run: Partial<RunSpec>, changes: Partial<PodSettings>, say: string]>([
  ["an image", { image: "rust" }, {}, "There is no image of the name `rust`; the app has `go`."],
  ["a size", { size: "toString" }, {}, "There is no size of the name `toString`; the app has `small`."],
  [
    "where there are none",
    { size: "big" },
    { sizes: {} },
    "There is no size of the name `big`; the app has none to choose.",
  ],
])("what isn't there can't be named: %s", (_, run, changes, say) => {
  expect(() => containerOf(run, changes)).toThrow(RunRefused);
  expect(() => containerOf(run, changes)).toThrow(say);
});

test("without a service account nobody owns the Job, and the pod has the namespace's", () => {
  const job = jobOf(spec(), { ...settings, serviceAccount: null });
  expect(job.metadata?.ownerReferences).toEqual([]);
  expect(job.spec?.template.spec).not.toHaveProperty("serviceAccountName");
});
