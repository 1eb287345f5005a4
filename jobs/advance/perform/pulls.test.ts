import { Queue } from "bullmq";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { branchWith, openedPull, openInstallation, where } from "../../../test/installation.ts";
import type { TestInstallation } from "../../../test/installation.ts";
import { openTestRedis } from "../../../test/redis.ts";
import type { TestRedis } from "../../../test/redis.ts";
import type { Effect } from "../decide/effects.ts";
import type { Pull } from "../decide/snapshot.ts";
import { pull as pullOf } from "../decide/testSnapshot.ts";
import type { PerformPorts } from "./ports.ts";
import { performOn, testPorts } from "./testPerform.ts";

let redis: TestRedis;
let world: TestInstallation;
let ports: PerformPorts;

beforeAll(async () => {
  [redis, world] = await Promise.all([openTestRedis(), openInstallation()]);
  const runs = new Queue("run", { connection: { url: redis.url } });
  ports = testPorts({ ...world, redis: redis.client, runs });
});
beforeEach(async () => {
  await redis.client.flushall();
  world.twin.world.faults.refuse = () => undefined;
  world.repository.drafts = true;
  world.repository.protections = [];
});
afterAll(async () => {
  await ports.runs.close();
  await Promise.all([world.twin.close(), redis.close()]);
});

const opened = async (draft?: boolean): Promise<Pull> => pullOf(await openedPull(world, draft));
const seen = async ({ number }: Pull) =>
  (await world.mona.rest.pulls.get({ ...where, pull_number: number })).data;
const ofBranch = async (branch: string) =>
  (await world.mona.rest.pulls.list({ ...where, head: `acme:${branch}`, state: "all" })).data;

describe("openPull", () => {
  const open = (branch: string, draft: boolean): Effect => ({
    kind: "openPull",
    branch,
    base: "main",
    title: "Teatime",
    body: "All of it.",
    draft,
  });

  it("opens a draft, once", async () => {
    const branch = await branchWith(world, "One\n");
    await performOn(ports, [open(branch, true), open(branch, true)]);
    expect(await ofBranch(branch)).toMatchObject([{ title: "Teatime", body: "All of it.", draft: true }]);
  });

  it("says so in the title where GitHub has no drafts", async () => {
    world.repository.drafts = false;
    const branch = await branchWith(world, "Two\n");
    await performOn(ports, [open(branch, true)]);
    expect(await ofBranch(branch)).toMatchObject([{ title: "[Work in progress] Teatime", draft: false }]);
  });

  it("is left for later where there is nothing to merge; what comes after is done", async () => {
    const branch = await branchWith(world, "Three\n");
    await world.bot.rest.git.createRef({
      ...where,
      ref: "refs/heads/agent/12/empty",
      sha: (await world.mona.rest.git.getRef({ ...where, ref: "heads/main" })).data.object.sha,
    });
    expect(await performOn(ports, [open("agent/12/empty", false), open(branch, false)])).toBe(15_000);
    expect(await ofBranch(branch)).toHaveLength(1);
  });

  it("fails where the base is gone", async () => {
    const branch = await branchWith(world, "Four\n");
    const effect = { ...open(branch, true), base: "gone" };
    await expect(performOn(ports, [effect])).rejects.toThrow(/Validation Failed/);
  });
});

describe("editPull", () => {
  it("changes what isn't null, and nothing of one that is gone", async () => {
    const pull = await opened();
    await performOn(ports, [{ kind: "editPull", pull: pull.number, title: null, body: "New" }], {
      pulls: [pull],
    });
    expect(await seen(pull)).toMatchObject({ title: "Tea", body: "New" });
    await performOn(ports, [{ kind: "editPull", pull: pull.number, title: "Coffee", body: null }], {
      pulls: [pull],
    });
    expect(await seen(pull)).toMatchObject({ title: "Coffee", body: "New" });
    await performOn(ports, [{ kind: "editPull", pull: 9999, title: "Coffee", body: null }]);
  });

  it("leaves the title saying that it isn't ready", async () => {
    const pull = { ...(await opened()), title: "[Work in progress] Tea" };
    await performOn(ports, [{ kind: "editPull", pull: pull.number, title: "Coffee", body: null }], {
      pulls: [pull],
    });
    expect(await seen(pull)).toMatchObject({ title: "[Work in progress] Coffee" });
  });
});

describe("ready", () => {
  const ready = ({ number, nodeId }: Pull): Effect => ({ kind: "ready", pull: number, nodeId });

  it("makes a draft ready; again is no error", async () => {
    const pull = await opened(true);
    await performOn(ports, [ready(pull), ready(pull)], { pulls: [pull] });
    expect(await seen(pull)).toMatchObject({ draft: false, title: "Tea" });
  });

  it("takes GitHub's word, not its error, for whether it is a draft", async () => {
    const [draft, pull] = [await opened(true), await opened()];
    world.twin.world.faults.refuse = ({ path }) =>
      path === "/graphql"
        ? { status: 200, body: { data: null, errors: [{ type: "UNPROCESSABLE", message: "no", path: [] }] } }
        : undefined;
    await performOn(ports, [ready(pull)], { pulls: [{ ...pull, draft: true }] });
    await expect(performOn(ports, [ready(draft)], { pulls: [draft] })).rejects.toThrow("no");
  });

  it("takes the words out of the title where GitHub has no drafts", async () => {
    const pull = await opened();
    await performOn(
      ports,
      [{ kind: "editPull", pull: pull.number, title: "[Work in progress] Tea", body: null }],
      { pulls: [pull] },
    );
    await performOn(ports, [ready(pull)], { pulls: [{ ...pull, title: "[Work in progress] Tea" }] });
    expect(await seen(pull)).toMatchObject({ title: "Tea" });
  });
});
