import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { readEnvironment, WrongEnvironment } from "./environment.ts";

const pem = (type: "pkcs1" | "pkcs8") =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type, format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;
const key = pem("pkcs1");
const dir = mkdtempSync(join(tmpdir(), "environment-"));
afterAll(() => rmSync(dir, { recursive: true }));

const good = {
  APP_ID: "12",
  PRIVATE_KEY: key,
  WEBHOOK_SECRET: "s3cret",
  LLM_API_URL: "http://127.0.0.1:9/v1/",
  LLM_API_KEY: "sk-1",
  LLM_MODEL: "some/model",
};

function problems(env: Record<string, string | undefined>): string[] {
  try {
    readEnvironment(env);
    return [];
  } catch (error) {
    if (error instanceof WrongEnvironment) return error.problems;
    throw error;
  }
}

test("what is needed, and the defaults of the rest", () => {
  expect(readEnvironment({ ...good, HOST: "", REDIS_URL: " " })).toEqual({
    appId: 12,
    privateKeys: { current: key, previous: null },
    webhookSecret: "s3cret",
    github: { api: "https://api.github.com", server: "https://github.com" },
    host: "127.0.0.1",
    port: 3000,
    redisUrl: undefined,
    gateUrl: undefined,
    llm: { url: "http://127.0.0.1:9/v1", key: "sk-1", model: "some/model" },
    dir: join(process.cwd(), ".coxswain"),
    unsafeProcess: false,
    kubernetes: null,
    maxRuns: 20,
    sweepSeconds: 300,
    metricsPort: null,
    sweepPlansSeconds: 15,
    logLevel: "info",
  });
});

test("everything set", () => {
  const file = join(dir, "key.pem");
  writeFileSync(file, pem("pkcs8"));
  const template = join(dir, "pod.yaml");
  writeFileSync(template, "spec:\n  runtimeClassName: gvisor\n");
  const [images, sizes] = [join(dir, "images.yaml"), join(dir, "sizes.json")];
  writeFileSync(images, "go: registry.example.org/agent-go:1\n");
  writeFileSync(sizes, '{"large": {"limits": {"memory": "8Gi", "cpu": 2}}, "any": {}}');
  const environment = readEnvironment({
    ...good,
    PRIVATE_KEY: undefined,
    PRIVATE_KEY_PATH: file,
    PREVIOUS_PRIVATE_KEY: key,
    GITHUB_API_URL: "https://ghe.example/api/v3/",
    GITHUB_SERVER_URL: "https://ghe.example/",
    HOST: "0.0.0.0",
    PORT: "0",
    REDIS_URL: "rediss://user:pass@redis:6380/2",
    GATE_URL: "http://gate:8080",
    COXSWAIN_DIR: dir,
    COXSWAIN_UNSAFE_PROCESS: "1",
    MAX_RUNS: "3",
    SWEEP_SECONDS: "60",
    METRICS_PORT: "9090",
    SWEEP_PLANS_SECONDS: "2",
    LOG_LEVEL: "silent",
    COXSWAIN_CLUSTER: "kubernetes",
    KUBERNETES_NAMESPACE: "agents",
    AGENT_IMAGE: "ghcr.io/coxswain/agent:1",
    AGENT_POD_TEMPLATE: template,
    AGENT_IMAGES: images,
    AGENT_SIZES: sizes,
    AGENT_SERVICE_ACCOUNT: "cx-agent",
    CANARY_ADDRESS: "cx-gate.cx.svc:9090",
    DNS_ADDRESS: "[fd00::a]:53",
  });
  expect(environment).toMatchObject({
    privateKeys: { current: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----\n/), previous: key },
    github: { api: "https://ghe.example/api/v3", server: "https://ghe.example" },
    redisUrl: "rediss://user:pass@redis:6380/2",
    gateUrl: "http://gate:8080",
    host: "0.0.0.0",
    port: 0,
    dir,
    unsafeProcess: true,
    maxRuns: 3,
    sweepSeconds: 60,
    metricsPort: 9090,
    sweepPlansSeconds: 2,
    logLevel: "silent",
    kubernetes: {
      namespace: "agents",
      image: "ghcr.io/coxswain/agent:1",
      serviceAccount: "cx-agent",
      images: { go: "registry.example.org/agent-go:1" },
      sizes: { large: { limits: { memory: "8Gi", cpu: "2" } }, any: {} },
      podTemplate: { spec: { runtimeClassName: "gvisor" } },
      canary: { host: "cx-gate.cx.svc", port: 9090 },
      dns: { host: "fd00::a", port: 53 },
    },
  });
});

test("what Kubernetes needs beside, said at once", () => {
  expect(problems({ ...good, COXSWAIN_CLUSTER: "kubernetes", AGENT_POD_TEMPLATE: "/hunter2" })).toEqual([
    "KUBERNETES_NAMESPACE is missing: the namespace that agents run in.",
    "AGENT_IMAGE is missing: the agents' image, best with its digest.",
    "GATE_URL is missing: the gate's address, as the agents' pods reach it.",
    "AGENT_POD_TEMPLATE must name a YAML file with a pod template: `metadata` and `spec`.",
  ]);
});

test.each(["containers: []", "- a", "metadata: [", "spec: 3"])("%j is no pod template", (yaml) => {
  const template = join(dir, "wrong.yaml");
  writeFileSync(template, yaml);
  const named = { KUBERNETES_NAMESPACE: "agents", AGENT_IMAGE: "a", GATE_URL: "http://gate" };
  const wrong = { ...good, ...named, COXSWAIN_CLUSTER: "kubernetes", AGENT_POD_TEMPLATE: template };
  expect(problems(wrong)).toEqual([expect.stringMatching(/^AGENT_POD_TEMPLATE must name/)]);
});

const inCluster = {
  COXSWAIN_CLUSTER: "kubernetes",
  KUBERNETES_NAMESPACE: "agents",
  AGENT_IMAGE: "a",
  GATE_URL: "http://gate",
};

test("DNS is the name server of the app's own pod; outside of one it isn't known", () => {
  expect(readEnvironment({ ...good, ...inCluster }).kubernetes).toMatchObject({ canary: null, dns: null });
  const { kubernetes } = readEnvironment({ ...good, ...inCluster, KUBERNETES_SERVICE_HOST: "10.96.0.1" });
  const first = /^nameserver\s+(\S+)/m.exec(readFileSync("/etc/resolv.conf", "utf8"))?.[1];
  expect(kubernetes?.dns).toEqual(first ? { host: first, port: 53 } : null);
});

test.each([
  ["AGENT_IMAGES", "- a"],
  ["AGENT_IMAGES", "Go: a"],
  ["AGENT_IMAGES", "go: ''"],
  ["AGENT_SIZES", "large: 8Gi"],
  ["AGENT_SIZES", "large: {memory: 8Gi}"],
  ["AGENT_SIZES", "large: {limits: {memory: much}}"],
])("a wrong file of %s is said: %j", (variable, yaml) => {
  const file = join(dir, "named.yaml");
  writeFileSync(file, yaml);
  expect(problems({ ...good, ...inCluster, [variable]: file })).toEqual([
    expect.stringMatching(new RegExp(`^${variable} must name a YAML file of (?:images|resources) by name`)),
  ]);
});

test.each(["gate", "gate:0", "gate:65536", "http://gate:9090", "fd00::a:53"])(
  "%j is no canary",
  (address) => {
    expect(problems({ ...good, ...inCluster, CANARY_ADDRESS: address })).toEqual([
      "CANARY_ADDRESS must be a host and a port, like `gate:9090`.",
    ]);
  },
);

test("a key whose line ends are written as \\n", () => {
  expect(readEnvironment({ ...good, PRIVATE_KEY: key.replaceAll("\n", "\\n") }).privateKeys).toEqual({
    current: key,
    previous: null,
  });
});

test("everything that is missing is said at once", () => {
  expect(problems({})).toMatchInlineSnapshot(`
    [
      "PRIVATE_KEY or PRIVATE_KEY_PATH is missing: the GitHub App's private key, or its file.",
      "APP_ID is missing: the id on the GitHub App's page.",
      "WEBHOOK_SECRET is missing: the webhook secret of the GitHub App.",
      "LLM_API_URL is missing: the address of an OpenAI-compatible API, like https://llm.example/v1.",
      "LLM_API_KEY is missing: the key of the model's API.",
      "LLM_MODEL is missing: the model's name.",
    ]
  `);
});

test.each<[string, Record<string, string | undefined>]>([
  ["APP_ID", { APP_ID: "Iv1.abc" }],
  ["PRIVATE_KEY", { PRIVATE_KEY: "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----" }],
  ["PRIVATE_KEY", { PRIVATE_KEY_PATH: "/hunter2" }],
  ["PRIVATE_KEY_PATH", { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: "/hunter2" }],
  ["PREVIOUS_PRIVATE_KEY", { PREVIOUS_PRIVATE_KEY: "hunter2" }],
  ["PREVIOUS_PRIVATE_KEY_PATH", { PREVIOUS_PRIVATE_KEY_PATH: "/hunter2" }],
  ["WEBHOOK_SECRET", { WEBHOOK_SECRET: "development" }],
  ["GITHUB_API_URL", { GITHUB_API_URL: "ftp://hunter2" }],
  ["GITHUB_SERVER_URL", { GITHUB_SERVER_URL: "https://me:hunter2@github.com" }],
  ["PORT", { PORT: "65536" }],
  ["REDIS_URL", { REDIS_URL: "hunter2" }],
  ["GATE_URL", { GATE_URL: "hunter2" }],
  ["LLM_API_URL", { LLM_API_URL: "hunter2" }],
  ["COXSWAIN_CLUSTER", { COXSWAIN_CLUSTER: "hunter2" }],
  [
    "KUBERNETES_NAMESPACE",
    {
      COXSWAIN_CLUSTER: "kubernetes",
      KUBERNETES_NAMESPACE: "Hunter2",
      AGENT_IMAGE: "a",
      GATE_URL: "http://gate",
    },
  ],
  ["COXSWAIN_UNSAFE_PROCESS", { COXSWAIN_UNSAFE_PROCESS: "yes" }],
  ["MAX_RUNS", { MAX_RUNS: "0" }],
  ["SWEEP_SECONDS", { SWEEP_SECONDS: "0" }],
  ["SWEEP_PLANS_SECONDS", { SWEEP_PLANS_SECONDS: "soon" }],
  ["LOG_LEVEL", { LOG_LEVEL: "loud" }],
])("a wrong %s is said, without its value", (name, wrong) => {
  const [problem, ...more] = problems({ ...good, ...wrong });
  expect(more).toEqual([]);
  expect(problem).toMatch(new RegExp(`\\b${name}\\b.*\\.$`));
  expect(problem).not.toContain("hunter2");
});
