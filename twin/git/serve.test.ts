import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asAppOctokit, gitUrl, setStage, usualManifest, withToken } from "../stage.ts";
import { cleanGitEnvironment } from "./run.ts";

type Stage = Awaited<ReturnType<typeof setStage>>;
const run = promisify(execFile);
let stage: Stage;
let folder: string;
beforeEach(async () => {
  stage = await setStage();
  folder = mkdtempSync(join(tmpdir(), "twin-clone-"));
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

async function git(...args: string[]): Promise<string> {
  const identity = ["-c", "user.name=Mona", "-c", "user.email=mona@example.com"];
  const { stdout, stderr } = await run("git", ["-C", folder, ...identity, ...args], {
    env: cleanGitEnvironment,
  });
  return stdout + stderr;
}

async function clone(token: string): Promise<void> {
  await git("clone", "--quiet", gitUrl(stage.twin, stage.repository, token), ".");
}

async function commit(path: string, text: string, message = "Change"): Promise<string> {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  await git("add", "--all");
  await git("commit", "--quiet", "--message", message);
  return (await git("rev-parse", "HEAD")).trim();
}

async function botToken(): Promise<string> {
  const octokit = asAppOctokit(stage.twin, stage.app);
  const { data } = await octokit.rest.apps.createInstallationAccessToken({
    installation_id: stage.installation.id,
  });
  return data.token;
}

describe("fetching", () => {
  test("takes who can read, and nobody else", async () => {
    await clone(stage.people.rita.token);
    expect(await git("ls-files")).toContain("src/sum.js");
    const refused = (token: string) => git("ls-remote", gitUrl(stage.twin, stage.repository, token));
    await expect(refused(stage.people.sam.token)).rejects.toThrow("not found");
    await expect(refused("ghs_wrong")).rejects.toThrow("Authentication failed");
  });

  test("can be shallow and without blobs", async () => {
    await git(
      "clone",
      "--quiet",
      "--bare",
      "--depth=1",
      "--filter=blob:none",
      gitUrl(stage.twin, stage.repository, stage.people.rita.token),
      ".",
    );
    expect(await git("show", "HEAD:README.md")).toContain("# Sample");
  });
});

describe("pushing", () => {
  test("tells of the branch and of its commits", async () => {
    await clone(await botToken());
    await git("switch", "--quiet", "--create", "agent/1/sum");
    const sha = await commit(
      "src/sum.js",
      "export const sum = (a, b) => a + b;\n",
      "Add instead of subtracting",
    );
    await git("push", "--quiet", "origin", "agent/1/sum");
    await stage.twin.idle();
    expect(stage.receiver.names()).toEqual(["create", "push"]);
    expect(stage.receiver.received[1]!.payload).toMatchObject({
      ref: "refs/heads/agent/1/sum",
      created: true,
      after: sha,
      commits: [{ id: sha, message: "Add instead of subtracting", modified: ["src/sum.js"] }],
      sender: { login: "tester[bot]" },
    });
  });

  test("is refused to who may only read", async () => {
    await clone(stage.people.rita.token);
    await commit("a.txt", "a\n");
    await expect(git("push", "origin", "main")).rejects.toThrow("403");
  });

  test.each(["ci.yml", "two words.yml", 'a "quote".yml'])(
    "of a workflow (%s) is refused to an app without that permission",
    async (name) => {
      await clone(await botToken());
      await git("switch", "--quiet", "--create", "work");
      await commit(`.github/workflows/${name}`, "on: push\n");
      await expect(git("push", "origin", "work")).rejects.toThrow(
        "refusing to allow a GitHub App to create or update workflow",
      );
      await git("remote", "set-url", "origin", gitUrl(stage.twin, stage.repository, stage.people.mona.token));
      await git("push", "--quiet", "origin", "work");
      await stage.twin.idle();
      expect(stage.receiver.names()).toEqual(["create", "push"]);
    },
  );

  test("to a protected branch is for admins", async () => {
    stage.repository.protections = [{ branch: "main", requiredChecks: ["ci"], requiredApprovals: 0 }];
    await clone(stage.people.mona.token);
    await commit("a.txt", "a\n");
    await expect(git("push", "origin", "main")).rejects.toThrow("GH006: Protected branch update failed");
    await git("remote", "set-url", "origin", gitUrl(stage.twin, stage.repository, stage.people.ada.token));
    await git("push", "--quiet", "origin", "main");
  });

  test("to a default branch closes the issues that a commit names", async () => {
    const octokit = withToken(stage.twin, stage.people.mona.token);
    const { data: issue } = await octokit.rest.issues.create({ ...stage.at, title: "Sums are wrong" });
    await clone(stage.people.mona.token);
    await commit("src/sum.js", "export const sum = (a, b) => a + b;\n", `Fix sums\n\nFixes #${issue.number}`);
    await git("push", "--quiet", "origin", "main");
    const { data: closed } = await octokit.rest.issues.get({ ...stage.at, issue_number: issue.number });
    expect(closed.state).toBe("closed");
  });
});

describe("a pull request", () => {
  async function openPull(): Promise<number> {
    await git("switch", "--quiet", "--create", "work");
    await commit("src/sum.js", "export const sum = (a, b) => a + b;\n");
    await git("push", "--quiet", "origin", "work");
    const octokit = withToken(stage.twin, stage.people.mona.token);
    const { data } = await octokit.rest.pulls.create({
      ...stage.at,
      title: "Add",
      head: "work",
      base: "main",
    });
    await stage.twin.idle();
    stage.receiver.received.length = 0;
    return data.number;
  }

  const state = async (pull_number: number) =>
    (await withToken(stage.twin, stage.people.mona.token).rest.pulls.get({ ...stage.at, pull_number })).data;

  test("is synchronized by a push to its head", async () => {
    await clone(stage.people.mona.token);
    const number = await openPull();
    const before = (await git("rev-parse", "HEAD")).trim();
    const after = await commit("b.txt", "b\n");
    await git("push", "--quiet", "origin", "work");
    await stage.twin.idle();
    expect(stage.receiver.names()).toEqual(["push", "pull_request.synchronize"]);
    expect(stage.receiver.received[1]!.payload).toMatchObject({ before, after, number });
    expect(await state(number)).toMatchObject({
      head: { sha: after },
      commits: 2,
      changed_files: 2,
      mergeable: true,
    });
  });

  test("is merged by a push of its head into the base", async () => {
    await clone(stage.people.mona.token);
    const number = await openPull();
    await git("switch", "--quiet", "main");
    await git("merge", "--quiet", "work");
    await git("push", "--quiet", "origin", "main");
    await stage.twin.idle();
    expect(await state(number)).toMatchObject({ state: "closed", merged: true });
    expect(stage.receiver.names()).toEqual(["push", "pull_request.closed"]);
  });

  test("closes when its head is deleted", async () => {
    await clone(stage.people.mona.token);
    const number = await openPull();
    await git("push", "--quiet", "origin", ":work");
    await stage.twin.idle();
    expect(await state(number)).toMatchObject({ state: "closed", merged: false });
    expect(stage.receiver.names()).toEqual(["delete", "push", "pull_request.closed"]);
  });
});

test("every push opens a check suite for each app that writes checks", async () => {
  await stage.close();
  const checks = { ...usualManifest.default_permissions, checks: "write" as const };
  stage = await setStage({ manifest: { name: "CI", default_permissions: checks, default_events: ["push"] } });
  await clone(stage.people.mona.token);
  const sha = await commit("a.txt", "a\n");
  await git("push", "--quiet", "origin", "main");
  await stage.twin.idle();
  expect(stage.receiver.names()).toEqual(["push", "check_suite.requested"]);
  expect(stage.receiver.received[1]!.payload).toMatchObject({
    check_suite: { head_sha: sha, head_branch: "main" },
  });
});
