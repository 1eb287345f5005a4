import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { leaseKey, sealToken } from "../contract/lease.ts";
import type { Decision } from "./decision.ts";
import { startGate } from "./gate.ts";
import type { Gate } from "./gate.ts";
import { cloneIn } from "./git/testing/clone.ts";
import type { Clone } from "./git/testing/clone.ts";
import { openUpstream } from "./git/testing/upstream.ts";
import type { Upstream } from "./git/testing/upstream.ts";
import { openWorld, passOf, PREFIX, RUN } from "./testing/world.ts";
import type { World } from "./testing/world.ts";

let world: World;
let upstream: Upstream;
let gate: Gate;
let person: Clone;
const decisions: Decision[] = [];

beforeAll(async () => {
  world = await openWorld();
  upstream = await openUpstream(join(world.dir, "upstream"), "acme/shop");
  const settings = { ...world.settings, githubServerUrl: upstream.url };
  gate = await startGate(settings, (decision) => void decisions.push(decision));
  person = cloneIn(join(world.dir, "person"), `${upstream.url}/acme/shop.git`, upstream.token);
  await person.git("init", "--quiet", "--initial-branch=main");
  await person.commit("Begin", { "a.txt": "a\n" });
  await person.git("push", "--quiet", person.url, "main");
  await world.lend({ token: sealToken(upstream.token, RUN, world.settings.leaseKeys[0]!) });
});

afterAll(async () => {
  await gate.close();
  await upstream.close();
  await world.close();
});

let clones = 0;
const agent = (pass: string, repository = "acme/shop"): Clone =>
  cloneIn(join(world.dir, `agent-${(clones += 1)}`), `${gate.url}/git/${repository}.git`, pass);

test("the whole way: a run greets, clones, pushes, and its last push finds the lease gone", async () => {
  const hello = await fetch(`${gate.url}/hello`, {
    method: "POST",
    headers: { authorization: `Bearer ${passOf()}` },
  });
  expect(hello.status).toBe(200);
  const clone = agent(passOf());
  await clone.git("clone", "--quiet", "--depth=1", clone.url, ".");
  const sha = await clone.commit("Work\n\nFixes #7", { "a.txt": "b\n" });
  await clone.git("push", "--quiet", "origin", "HEAD:refs/heads/agent/7/fix");
  expect(await person.git("ls-remote", person.url, "refs/heads/agent/7/fix")).toContain(sha);

  await clone.commit("More", { ".github/workflows/x.yml": "on: push\n" });
  const refused = await clone.attempt("push", "origin", "HEAD:refs/heads/agent/7/fix");
  expect(refused.stderr).toMatch(/^remote: coxswain: refused: \.github\/workflows\/x\.yml: /m);
  expect(refused.stderr).toMatch(/^remote: coxswain: refused-paths: \["\.github\/workflows\/x\.yml"\] *$/m);

  await world.redis.client.del(leaseKey(PREFIX, RUN));
  const late = await clone.attempt("push", "origin", "HEAD:refs/heads/agent/7/fix");
  expect(late.stderr).toMatch(/Nobody follows this run|503/);
  expect(await person.git("ls-remote", person.url, "refs/heads/agent/7/fix")).toContain(sha);

  const pushes = decisions.filter(({ target }) => target.endsWith(" refs/heads/agent/7/fix"));
  expect(pushes.map(({ run, verb, verdict }) => ({ run, verb, verdict }))).toEqual([
    { run: RUN, verb: "git", verdict: "passed" },
    { run: RUN, verb: "git", verdict: "refused" },
  ]);
  expect(JSON.stringify(decisions)).not.toContain(upstream.token);
  await world.lend({ token: sealToken(upstream.token, RUN, world.settings.leaseKeys[0]!) });
});

test.each([
  ["without a pass", "none", "acme/shop", /refuses|403/],
  ["with an expired pass", passOf({ expires: 1 }), "acme/shop", /refuses|403/],
  ["of another repository", passOf(), "acme/other", /acme\/shop alone|403/],
])("nothing is read %s", async (_, pass, repository, says) => {
  const before = upstream.asked.length;
  const clone = agent(pass, repository);
  const end = await clone.attempt("clone", "--quiet", clone.url, ".");
  expect(end.code).not.toBe(0);
  expect(end.stderr).toMatch(says);
  expect(upstream.asked.length).toBe(before);
});
