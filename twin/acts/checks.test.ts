import type { Octokit } from "@octokit/rest";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asAppOctokit, receive, setStage, withToken } from "../stage.ts";
import type { Receiver } from "../stage.ts";
import { installApp, registerApp } from "../setup/apps.ts";

type Stage = Awaited<ReturnType<typeof setStage>>;
let stage: Stage;
let ci: Octokit;
let bot: Octokit;
let mona: Octokit;
let atCi: Receiver;
let sha: string;
beforeEach(async () => {
  stage = await setStage();
  atCi = await receive();
  const owner = stage.people.ada.account;
  const manifest = { name: "CI", default_permissions: { checks: "write", contents: "read" } } as const;
  const app = registerApp(stage.world, { manifest, owner, hookUrl: atCi.url });
  const installation = installApp(stage.world, {
    app: app.app,
    account: owner,
    repositories: [stage.repository],
  });
  ci = asAppOctokit(stage.twin, app, installation.id);
  bot = asAppOctokit(stage.twin, stage.app, stage.installation.id);
  mona = withToken(stage.twin, stage.people.mona.token);
  sha = (await mona.rest.git.getRef({ ...stage.at, ref: "heads/main" })).data.object.sha;
  await stage.twin.idle();
  atCi.received.length = 0;
});
afterEach(async () => {
  await stage.close();
  await atCi.close();
});

const run = async (extra: object = {}) =>
  (await ci.rest.checks.create({ ...stage.at, name: "test", head_sha: sha, status: "in_progress", ...extra }))
    .data;

describe("a check run", () => {
  test("is an app's alone to report", async () => {
    await expect(mona.rest.checks.create({ ...stage.at, name: "test", head_sha: sha })).rejects.toMatchObject(
      { status: 403 },
    );
    await expect(bot.rest.checks.create({ ...stage.at, name: "test", head_sha: sha })).rejects.toMatchObject({
      status: 403,
    });
    await expect(
      ci.rest.checks.create({ ...stage.at, name: "test", head_sha: "0".repeat(40) }),
    ).rejects.toMatchObject({ status: 422 });
  });

  test("finds the suite of its push, with the branch, from the moment when the push is told", async () => {
    const branches: (string | null)[] = [];
    stage.world.faults.loseDeliveries = (event) => {
      const suites = [...stage.world.state.checkSuites.rows.values()];
      if (event === "push") branches.push(...suites.map((suite) => suite.headBranch));
      return false;
    };
    const file = { path: "new.txt", message: "New", content: "bmV3Cg==" };
    await mona.rest.repos.createOrUpdateFileContents({ ...stage.at, ...file });
    await stage.twin.idle();
    expect(branches).toEqual(["main"]);
  });

  test("brings output and annotations, and ends its suite", async () => {
    const { id } = await run();
    await ci.rest.checks.update({
      ...stage.at,
      check_run_id: id,
      conclusion: "failure",
      output: {
        title: "1 failed",
        summary: "sum(1, 1) gives 0",
        annotations: [
          {
            path: "src/sum.js",
            start_line: 1,
            end_line: 1,
            annotation_level: "failure",
            message: "expected 2",
          },
        ],
      },
    });
    const { data } = await bot.rest.checks.get({ ...stage.at, check_run_id: id });
    expect(data).toMatchObject({
      status: "completed",
      conclusion: "failure",
      output: { summary: "sum(1, 1) gives 0", annotations_count: 1 },
    });
    const { data: annotations } = await bot.rest.checks.listAnnotations({ ...stage.at, check_run_id: id });
    expect(annotations).toMatchObject([{ path: "src/sum.js", message: "expected 2" }]);
    const { data: suites } = await bot.rest.checks.listSuitesForRef({ ...stage.at, ref: "main" });
    expect(suites.check_suites).toMatchObject([{ status: "completed", conclusion: "failure" }]);
    await stage.twin.idle();
    expect(stage.receiver.names()).toEqual([
      "check_run.created",
      "check_run.completed",
      "check_suite.completed",
    ]);
  });

  test("can't go back once completed; another of its name takes its place", async () => {
    const { id } = await run({ conclusion: "failure" });
    await expect(
      ci.rest.checks.update({ ...stage.at, check_run_id: id, status: "in_progress" }),
    ).rejects.toMatchObject({ status: 422 });
    const again = await run({ conclusion: "success" });
    const { data } = await bot.rest.checks.listForRef({ ...stage.at, ref: "main" });
    expect(data.check_runs.map((one) => one.id)).toEqual([again.id]);
    expect(
      (await bot.rest.checks.listForRef({ ...stage.at, ref: "main", filter: "all" })).data.total_count,
    ).toBe(2);
  });

  test("is asked for again: its app alone hears, its suite is queued, it stays", async () => {
    const { id, check_suite } = await run({
      conclusion: "failure",
      actions: [{ label: "Stop", description: "Stop it", identifier: "stop" }],
    });
    await stage.twin.idle();
    for (const receiver of [stage.receiver, atCi]) receiver.received.length = 0;
    const click = (button: string) =>
      fetch(`${stage.world.urls.web}/_twin/check-runs/${id}/click`, {
        method: "POST",
        body: JSON.stringify({ token: stage.people.mona.token, button }),
      });
    expect((await click("Re-run")).status).toBe(204);
    const { data: suite } = await bot.rest.checks.getSuite({ ...stage.at, check_suite_id: check_suite!.id });
    expect(suite).toMatchObject({ status: "queued", conclusion: null });
    expect((await bot.rest.checks.get({ ...stage.at, check_run_id: id })).data.status).toBe("completed");
    expect((await click("stop")).status).toBe(204);
    expect((await click("none")).status).toBe(422);
    await stage.twin.idle();
    expect(atCi.names()).toEqual(["check_run.rerequested", "check_run.requested_action"]);
    expect(atCi.received[1]!.payload).toMatchObject({
      requested_action: { identifier: "stop" },
      sender: { login: "mona" },
    });
    expect(stage.receiver.names()).toEqual([]);
  });

  test("may have a log, to which GitHub redirects", async () => {
    const { id } = await run();
    const logs = () => bot.rest.actions.downloadJobLogsForWorkflowRun({ ...stage.at, job_id: id });
    await expect(logs()).rejects.toMatchObject({ status: 404 });
    await fetch(`${stage.world.urls.web}/_twin/check-runs/${id}/log`, {
      method: "PUT",
      body: JSON.stringify({ text: "1 failed\n" }),
    });
    expect((await logs()).data).toBe("1 failed\n");
  });
});

describe("commit statuses", () => {
  test("combine into one, by the newest of each context", async () => {
    const set = (state: "pending" | "failure" | "success", context: string) =>
      mona.rest.repos.createCommitStatus({ ...stage.at, sha, state, context });
    const combined = async () =>
      (await bot.rest.repos.getCombinedStatusForRef({ ...stage.at, ref: "main" })).data;
    expect(await combined()).toMatchObject({ state: "pending", total_count: 0 });
    await set("failure", "lint");
    await set("success", "test");
    expect(await combined()).toMatchObject({ state: "failure", total_count: 2 });
    await set("success", "lint");
    expect(await combined()).toMatchObject({ state: "success", total_count: 2 });
    await stage.twin.idle();
    expect(stage.receiver.received.at(-1)!.payload).toMatchObject({
      sha,
      state: "success",
      branches: [{ name: "main" }],
    });
    await expect(
      bot.rest.repos.createCommitStatus({ ...stage.at, sha, state: "success" }),
    ).rejects.toMatchObject({ status: 403 });
  });
});
