import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

import { neededRights } from "../../jobs/run/cluster/kubernetes/rights.ts";
import { apply, helm, kubectl } from "./kubectl.ts";
import { CHART, fileOf, objectsOf, RENDER } from "./render.ts";

const SETS = ["small", "full", "gitops"];

test.each(SETS)("the chart has nothing to find fault with, with the values %s", async (set) => {
  expect(await helm(["lint", "--strict", CHART, "-f", fileOf(set)])).toContain("0 chart(s) failed");
});

describe("the API server takes all of it", () => {
  const namespace = "cx-chart-dry";
  const agents = `${namespace}-agents`;
  const namespaces = [namespace, agents].map((name) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
  }));
  beforeAll(() => apply(...namespaces));
  afterAll(async () => void (await kubectl(["delete", "namespace", "--wait=false", namespace, agents])));

  test.each(SETS)("with the values %s", async (set) => {
    const objects = await helm([...RENDER, "-n", namespace, "-f", fileOf(set)]);
    const taken = await kubectl(["apply", "--dry-run=server", "-f", "-"], objects);
    const made = objects.match(/^kind: /gm) ?? [];
    expect(taken.trim().split("\n")).toHaveLength(made.length);
  });
});

test("the full values are all values there are, and others than the chart's", () => {
  const [all, full] = [join(CHART, "values.yaml"), fileOf("full")].map((file) =>
    leavesOf(parse(readFileSync(file, "utf8"))),
  );
  // What excludes others, or needs what no cluster has of itself.
  const apart =
    /^(redis\.url|redis\.urlKey|redis\.port|networkPolicy\.redisTo|agents\.namespace|\S+\.(tag|digest)|\S+\.enabled|\S+\.builtIn|\S+\.createNamespace)$/;
  const forgotten = [...all!].filter(([path, value]) => !apart.test(path) && full!.get(path) === value);
  expect(forgotten).toEqual([]);
});

const WRONG: [set: string, message: RegExp][] = [
  ['existingSecret=""', /at '\/existingSecret'/],
  ['github.appId="12a"', /at '\/github\/appId': got string, want integer/],
  ["github.appId=0", /at '\/github\/appId': minimum/],
  ['github.apiUrl="github.example"', /at '\/github\/apiUrl'/],
  ['github.serverUrl="https://me:word@github.example"', /at '\/github\/serverUrl'/],
  ['llm.url="ftp://llm.example"', /at '\/llm\/url'/],
  ['image.tag="a b"', /at '\/image\/tag'/],
  ['image.digest="sha256:12"', /at '\/image\/digest'/],
  ['image.pullPolicy="Sometimes"', /at '\/image\/pullPolicy'/],
  ["app.replicas=0", /at '\/app\/replicas': minimum/],
  ["app.replica=2", /at '\/app': additional properties 'replica' not allowed/],
  ['app.logLevel="loud"', /at '\/app\/logLevel'/],
  ["app.maxRuns=1.5", /at '\/app\/maxRuns': got number, want integer/],
  ['app.extraEnv={"A":"b"}', /at '\/app\/extraEnv': got object, want array/],
  ['app.extraEnv=[{"name":"A","value":1}]', /at '\/app\/extraEnv\/0\/value': got number, want string/],
  ['app.resources={"limit":{}}', /at '\/app\/resources': additional properties 'limit' not allowed/],
  ['app.resources={"limits":{"memory":"lots"}}', /at '\/app\/resources\/limits\/memory'/],
  ["gate.drainSeconds=-1", /at '\/gate\/drainSeconds': minimum/],
  ['gate.privateRanges=["10.0.0.0"]', /at '\/gate\/privateRanges\/0'/],
  ['gate.allowPrivate=["10.0.0.0/33"]', /at '\/gate\/allowPrivate\/0'/],
  ['gate.nodeSelector={"a":true}', /at '\/gate\/nodeSelector\/a': got boolean, want string/],
  ["redis.builtIn=false", /at '\/redis\/url(Key)?': minLength/],
  ['redis.url="redis://redis:6379"', /at '\/redis\/url'/],
  ['redis={"builtIn":false,"url":"redis://:word@redis:6379"}', /at '\/redis\/url'/],
  ['redis={"builtIn":false,"url":"redis://redis:6379","passwordKey":"p"}', /at '\/redis\/passwordKey'/],
  ["redis.port=6380", /at '\/redis\/port'/],
  ['redis={"builtIn":false,"urlKey":"u","port":70000}', /at '\/redis\/port': maximum/],
  ['redis.maxMemory="plenty"', /at '\/redis\/maxMemory'/],
  ['agents.namespace="Agents"', /at '\/agents\/namespace'/],
  ['agents.namespace="there"', /agents\.namespace is "there", the release's own/],
  ['agents.images={"Go!":"go:1"}', /at '\/agents\/images': additional properties 'Go!' not allowed/],
  ['agents.sizes={"large":{"memory":"8Gi"}}', /at '\/agents\/sizes\/large': additional properties 'memory'/],
  ['agents.podTemplate={"containers":[]}', /at '\/agents\/podTemplate': additional properties 'containers'/],
  ['agents.quota={"pods":"many"}', /at '\/agents\/quota\/pods'/],
  ["ingress.enabled=true", /at '\/ingress': missing property 'host'/],
  ['ingress={"enabled":true,"host":"https://coxswain.example"}', /at '\/ingress\/host'/],
  ['networkPolicy.enabled="yes"', /at '\/networkPolicy\/enabled': got string, want boolean/],
  ["networkPolicy.dnsPorts=[]", /at '\/networkPolicy\/dnsPorts': minItems/],
  ['networkPolicy.dnsTo=[{"cidr":"10.0.0.0/8"}]', /at '\/networkPolicy\/dnsTo\/0'/],
  ['networkPolicy.redisTo={"ipBlock":{}}', /at '\/networkPolicy\/redisTo': got object, want array/],
  ["networkPolicy.webhooksFrom=[{}]", /at '\/networkPolicy\/webhooksFrom\/0': minProperties/],
  ["metrics.serviceMonitor.interval=30", /at '\/metrics\/serviceMonitor\/interval': got number, want string/],
  ["replicas=2", /additional properties 'replicas' not allowed/],
];

test.each(WRONG)("a wrong value is refused by its name: %s", async (set, message) => {
  const rendered = helm([...RENDER, "-n", "there", "-f", fileOf("small"), "--set-json", set]);
  await expect(rendered).rejects.toThrow(message);
});

test("what has no default is asked for by its name", async () => {
  const rendered = await helm([...RENDER, "-n", "there"]).catch(String);
  expect(rendered).toMatch(/missing property 'existingSecret'/);
  expect(rendered).toMatch(/at '\/github': missing property 'appId'/);
  expect(rendered).toMatch(/at '\/llm': missing properties 'url', 'model'/);
});

test("the app's Role is what its code does among agents, and nothing else", async () => {
  const [role] = await objectsOf("Role", "small");
  const rights = role?.rules?.flatMap(({ resources, verbs, resourceNames }) =>
    verbs.flatMap((verb) =>
      resources.map((resource) => [verb, resource, ...(resourceNames ?? [])].join(" ")),
    ),
  );
  const needed = neededRights("cx-coxswain-agent").map((right) => right.join(" "));
  expect(rights?.toSorted()).toEqual(needed.toSorted());
  expect(await objectsOf("ClusterRole", "full")).toEqual([]);
});

test("what Prometheus' operator is told is the app's and the gate's metrics, by its own labels", async () => {
  const [monitor] = await objectsOf("ServiceMonitor", "full", {
    metrics: { serviceMonitor: { enabled: true } },
  });
  expect(monitor?.metadata.labels).toMatchObject({ release: "prometheus" });
  expect(monitor?.spec).toMatchInlineSnapshot(`
    {
      "endpoints": [
        {
          "interval": "10s",
          "port": "metrics",
        },
      ],
      "selector": {
        "matchExpressions": [
          {
            "key": "app.kubernetes.io/component",
            "operator": "In",
            "values": [
              "app",
              "gate",
            ],
          },
        ],
        "matchLabels": {
          "app.kubernetes.io/instance": "cx",
          "app.kubernetes.io/name": "steersman",
        },
      },
    }
  `);
});

test("no template makes up anything: the same values give the same text", async () => {
  const rendered = () => helm([...RENDER, "-n", "there", "-f", fileOf("full")]);
  const first = await rendered();
  expect(await rendered()).toBe(first);
  expect(first).not.toMatch(/^kind: Secret$/m);
});

function leavesOf(value: unknown, path = ""): Map<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value) || Object.keys(value).length === 0)
    return new Map([[path, JSON.stringify(value)]]);
  const below = Object.entries(value).map(([key, inner]) => leavesOf(inner, path ? `${path}.${key}` : key));
  return new Map(below.flatMap((each) => [...each]));
}
