import { createPublicKey } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { deriveKey } from "../agent-pod/contract/pass.ts";
import { startApp } from "../app/main.ts";
import type { App } from "../app/main.ts";
import type { PrivateKeys } from "../app/config/privateKey.ts";
import { openRedis } from "../app/config/redis.ts";
import { readStatus } from "../jobs/advance/statusComment.ts";
import { asApp, newKey } from "../twin/setup/apps.ts";
import { memoryCluster } from "./harness/cluster.ts";
import { openGitHub, where } from "./harness/github.ts";
import type { GitHub } from "./harness/github.ts";
import { openLog } from "./harness/log.ts";
import { scriptedPlanner } from "./harness/planner.ts";
import { environmentOf } from "./harness/stage.ts";

const ISSUE = 1;

let dir: string;
let github: GitHub;
let app: App;
const crew = memoryCluster(() => new Date());
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "rotation-"));
  github = await openGitHub({}, join(dir, "twin"), "http://127.0.0.1:9");
});
afterEach(async () => {
  for (const run of await crew.cluster.list()) await crew.cluster.stop(run.name, 0);
  await app.close();
  // What was stopped may have been begun anew, and then the app leaves its Redis running for it.
  const redis = await openRedis({ dir, log: openLog().logger });
  await redis.stop();
  await github.twin.close();
  await rm(dir, { recursive: true, force: true });
});

/** Starts the app with these keys, of which GitHub knows the current one. */
async function startWith(privateKeys: PrivateKeys): Promise<void> {
  const publicKey = createPublicKey(privateKeys.current).export({ type: "spki", format: "pem" });
  github.registered.app.publicKey = String(publicKey);
  const parts = { cluster: crew.cluster, planner: scriptedPlanner(), log: openLog().logger };
  app = await startApp({ ...environmentOf(github, dir), privateKeys }, parts);
}

/** Rings as an event does, until `seen` is true. */
async function rung(seen: () => Promise<boolean>): Promise<void> {
  const { installation } = asApp(github.twin.world, github.registered.app);
  const place = { installationId: installation.id, owner: where.owner, name: where.repo };
  await app.ports.bell.ring({ kind: "issue", number: ISSUE, ...place });
  await expect.poll(seen, { timeout: 20_000 }).toBe(true);
}

/** The state in the status comment, as an app with these keys reads it. */
async function status(keys: PrivateKeys): Promise<ReturnType<typeof readStatus> | null> {
  const { octokit } = github.people.admin;
  const { data: comments } = await octokit.issues.listComments({ ...where, issue_number: ISSUE });
  const { data: repository } = await octokit.repos.get(where);
  const body = comments.find((comment) => comment.body?.includes("coxswain-state"))?.body;
  const home = { appId: github.registered.app.id, repositoryId: repository.id, issue: ISSUE };
  return body ? readStatus(body, { ...home, key: deriveKey(keys.current, "state") }) : null;
}

const phase = async (): Promise<string[]> => {
  const { data: labels } = await github.people.admin.octokit.issues.listLabelsOnIssue({
    ...where,
    issue_number: ISSUE,
  });
  return labels.map(({ name }) => name).filter((name) => name.startsWith("agent: "));
};

test("a new key takes over an issue at work, and signs its state anew; without the one before it is blocked", async () => {
  const first = { current: github.registered.privateKey, previous: null };
  const second = { current: newKey(), previous: first.current };
  await startWith(first);
  const { octokit } = github.people.maintainer;
  await octokit.issues.create({
    ...where,
    title: "Parse hours",
    body: "`2h` is 120 minutes.",
    labels: ["agent"],
  });
  await rung(async () => crew.atWork().length === 1);
  await expect.poll(phase).toEqual(["agent: working"]);
  const begun = (await crew.cluster.list()).map((run) => run.name);
  await app.close();

  await startWith(second);
  expect(await status(second)).toEqual({ kind: "forged" });
  await rung(async () => (await status(second))?.kind === "valid");
  expect(await status(first)).toEqual({ kind: "forged" });
  expect(await phase()).toEqual(["agent: working"]);
  expect((await crew.cluster.list()).map((run) => run.name)).toEqual(begun);
  await app.close();

  await startWith({ current: newKey(), previous: null });
  await rung(async () => (await phase()).join() === "agent: blocked");
});
