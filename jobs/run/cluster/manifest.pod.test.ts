import { expect, test } from "vitest";

import { RunRefused } from "./cluster.ts";
import type { RunSpec } from "./cluster.ts";
import { briefHash, readLabels } from "./kubernetes/marks.ts";
import { settings, spec } from "./kubernetes/testing/manifest.ts";
import { jobOf } from "./manifest.ts";
import type { PodSettings } from "./manifest.ts";

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
