import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { spentKey } from "../../agent-pod/contract/lease.ts";
import type { Results } from "./attacks/assault.ts";
import { assault } from "./attacks/assault.ts";
import { Refusals } from "./attacks/gateLog.ts";
import { GIT, OVER_A_PERSON, OWN_PUSH } from "./attacks/git.ts";
import { CHAT, question, requests, signed, SLOW_REQUESTS } from "./attacks/requests.ts";
import type { Row } from "./attacks/row.ts";
import { attacksOf } from "./attacks/row.ts";
import type { Scene } from "./attacks/scene.ts";
import { FEW_TOKENS, openScene } from "./attacks/scene.ts";
import { TUNNELS, tunnelTo } from "./attacks/tunnels.ts";
import { OTHER_PORT, WALLS } from "./attacks/walls.ts";
import { kubectl } from "./kubectl.ts";
import type { Attack } from "./pods/attack.ts";
import { useWorld } from "./world.ts";

const world = useWorld({
  values: {
    // What the model keeps waiting in the end isn't waited for.
    gate: { drainSeconds: 0 },
    // The host that stands for the internet is a pod.
    networkPolicy: {
      gateEgress: [
        {
          to: [{ namespaceSelector: {}, podSelector: { matchLabels: { prop: "outside" } } }],
          ports: [{ port: 8443 }],
        },
      ],
    },
  },
});

const REQUESTS = requests(() => world().github.privateKey);
const AT_GATE: Row[] = [...REQUESTS, ...TUNNELS, ...GIT, OVER_A_PERSON, ...SLOW_REQUESTS];

let scene: Scene;
/** What came of everything, by name. */
let got: Results;
let refusals: Refusals;
let heard: { atMetadata: number | undefined; atPublicHost: number };

beforeAll(async () => {
  scene = await openScene(world());
  const slow = assault(scene.agent.pod, attacksOf(SLOW_REQUESTS, scene));
  const listening = await listens();
  const first = await assault(scene.agent.pod, {
    ...wallAttacks("from the agent"),
    ...attacksOf([...REQUESTS, ...TUNNELS, ...GIT], scene),
  });
  heard = { atMetadata: await scene.metadata?.heard(), atPublicHost: await scene.publicHost.heard() };
  // Only now come those that may do what they do.
  const allowed = await assault(scene.agent.pod, {
    "a question to the model": { kind: "ask", path: CHAT, body: question() },
    "a pass that the app would make": {
      kind: "ask",
      path: CHAT,
      body: question(),
      pass: signed(scene, world().github.privateKey, 60),
    },
    "a tunnel to an allowed host": tunnelTo(scene.hosts.open),
    ...attacksOf([OWN_PUSH], scene),
  });
  const others = await assault(scene.outside, wallAttacks("from elsewhere"));
  await personPushes();
  const late = await assault(scene.agent.pod, attacksOf([OVER_A_PERSON], scene));
  const all = [first, allowed, others, late, await spendAll(), await listening.end, await slow, await stop()];
  got = new Map(all.flatMap((results) => [...results]));
  refusals = await Refusals.in(world().namespace);
});
afterAll(() => scene?.metadata?.close());

/** The attacks on walls, by `<wall> <from> <n>`. */
function wallAttacks(from: string): Record<string, Attack> {
  const all = WALLS.flatMap(({ name, attacks }) =>
    attacks(scene).map((attack, n) => [`${name}, ${from} ${n}`, attack] as const),
  );
  return Object.fromEntries(all);
}

/** Listens in the other agent's pod, where that agent alone reaches it. */
async function listens(): Promise<{ end: Promise<Results> }> {
  const { pod, addresses } = scene.poor;
  const begun = Promise.withResolvers<void>();
  const listen = { kind: "listen", port: OTHER_PORT, seconds: 15 } as const;
  const end = assault(pod, { "the other agent's pod": listen }, begun.resolve);
  await Promise.race([begun.promise, end]);
  await assault(pod, { itself: { kind: "dial", host: addresses[0] ?? "", port: OTHER_PORT } });
  return { end };
}

/** A person's commit on the agent's branch. */
async function personPushes(): Promise<void> {
  const { issue, ref } = scene.agent;
  await issue.maintainer.repos.createOrUpdateFileContents({
    ...issue.at,
    path: "person.txt",
    message: "Write it myself",
    content: Buffer.from("By hand.\n").toString("base64"),
    branch: ref.replace("refs/heads/", ""),
  });
}

const FIFTY = "Fifty at once";
/** What each of them may cost at least. */
const MANY_TOKENS = 16_000;

/** Spends what the poor agent has left, by requests at once, which the model keeps waiting. */
async function spendAll(): Promise<Results> {
  const { pod } = scene.poor;
  await world().model.hold(FIFTY);
  const body = question({ max_tokens: MANY_TOKENS, messages: [{ role: "user", content: FIFTY }] });
  const crowd = await assault(pod, { [FIFTY]: { kind: "crowd", path: CHAT, body, count: 50 } });
  const after = await assault(pod, { "one more": { kind: "ask", path: CHAT, body } });
  return new Map([...crowd, ...after]);
}

/** Takes the label off the agent's issue while it asks and asks; then its pass is tried in another pod. */
async function stop(): Promise<Results> {
  const { pod, issue, pass } = scene.agent;
  const begun = Promise.withResolvers<void>();
  const asking = assault(pod, { stop: { kind: "keepAsking", path: CHAT, body: question() } }, begun.resolve);
  await Promise.race([begun.promise, asking]);
  await issue.maintainer.issues.removeLabel({ ...issue.at, issue_number: issue.number, name: "agent" });
  const asked = await asking;
  const elsewhere = await assault(scene.poor.pod, {
    "after stop": { kind: "ask", path: CHAT, body: question(), pass },
  });
  return new Map([...asked, ...elsewhere]);
}

/** What came of an attack at last. */
const told = (name: string): string => got.get(name)?.at(-1) ?? "";

/** All that came of the attacks whose names begin so. */
const gotBy = (prefix: string): string[] =>
  [...got].flatMap(([name, results]) => (name.startsWith(prefix) ? results : []));

const NOT_REACHED = /^(timed out|E(CONNREFUSED|HOSTUNREACH|NETUNREACH|PERM|ACCES))$/;

describe("an agent doesn't reach", () => {
  test.each(WALLS)("$name", ({ name }) => {
    const results = gotBy(`${name}, from the agent `);
    expect(results.length).toBeGreaterThan(0);
    for (const result of results) expect(result).toMatch(NOT_REACHED);
  });

  test.each(WALLS.filter(({ others }) => others === "reach it"))(
    "… though other pods do: $name",
    ({ name }) => {
      const results = gotBy(`${name}, from elsewhere `);
      expect(results.length).toBeGreaterThan(0);
      for (const result of results) expect(result).toMatch(/^(connected|answered)$/);
    },
  );

  test("… and what listens there hears nothing of it", async ({ annotate }) => {
    expect(got.get("the other agent's pod")).toEqual(["listens", "heard 1"]);
    if (!scene.metadata)
      return void (await annotate("Nobody can listen at 169.254.169.254 in this cluster."));
    expect(heard.atMetadata).toBe(0);
    expect(gotBy("the metadata of a cloud, from elsewhere ")).toEqual(["connected"]);
    expect(await scene.metadata.heard()).toBe(1);
  });
});

describe("the gate refuses, and says so in its log", () => {
  test.each(AT_GATE)("$name", (row) => {
    expect(got.get(row.name)?.join()).toMatch(row.got);
    refusals.claim(row.line(scene));
  });

  test("more than a run's budget, asked for by fifty at once", async () => {
    const { run } = scene.poor;
    const [, refused, waiting] = /^(\d+) × 403, (\d+) × yet$/.exec(told(FIFTY)) ?? [];
    expect(Number(refused) + Number(waiting)).toBe(50);
    const line = { run, verb: "llm", target: `POST ${CHAT}`, why: /budget of \d+ tokens is used up/ };
    expect(refusals.count(line)).toBe(Number(refused) + 1);
    expect(told("one more")).toMatch(/^403 .*budget_spent/);
    expect(await spentBy(run)).toBeLessThanOrEqual(FEW_TOKENS);
    // The model heard no more of them than the budget can pay for.
    const heard = await world().model.askedBy(FIFTY);
    expect(heard).toHaveLength(Number(waiting));
    expect(heard.length * MANY_TOKENS).toBeLessThanOrEqual(FEW_TOKENS);
  });

  test("the model, after stop", () => {
    const [before, ...after] = got.get("stop") ?? [];
    expect(before).toMatch(/^200 /);
    expect(after[0]).toMatch(/^503 .*no_lease/);
    expect(told("after stop")).toMatch(/^503 .*no_lease/);
    const line = { run: scene.agent.run, verb: "llm", target: `POST ${CHAT}`, why: /has no lease/ };
    expect(refusals.count(line)).toBeGreaterThan(1);
  });
});

test("what the agent may do is let through: the attacks fail for what they are", async () => {
  expect(told("a question to the model")).toMatch(/^200 /);
  expect(told("a pass that the app would make")).toMatch(/^200 /);
  expect(told("a tunnel to an allowed host")).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nheard\n$/);
  expect(told(OWN_PUSH.name)).toBe("done");
  // Nothing of the attacks' tunnels came to the host, and of the pushes only the agent's and the person's.
  expect(heard.atPublicHost).toBe(0);
  expect(await scene.publicHost.heard()).toBe(1);
  const { maintainer, at } = scene.agent.issue;
  const kinds = ["heads", "tags"].map((ref) => maintainer.git.listMatchingRefs({ ...at, ref }));
  const refs = (await Promise.all(kinds)).flatMap(({ data }) => data.map(({ ref }) => ref));
  expect(refs.sort()).toEqual([scene.agent.ref, "refs/heads/main"]);
  const { data: tip } = await maintainer.repos.getCommit({ ...at, ref: scene.agent.ref });
  expect(tip.commit.message).toBe("Write it myself");
});

/** Tokens that the gate has counted for a run. */
async function spentBy(run: string): Promise<number> {
  const key = spentKey(`coxswain:${world().github.appId}`, run);
  const ask = ["exec", "-n", world().props, "redis", "--", "redis-cli", "hmget", key, "spent", "held"];
  const values = (await kubectl(ask)).trim().split("\n");
  return values.reduce((sum, value) => sum + Number(value), 0);
}
