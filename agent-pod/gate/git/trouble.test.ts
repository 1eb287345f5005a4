import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { mirrorsIn } from "./mirror.ts";
import type { Clone } from "./testing/clone.ts";
import { push, REF } from "./testing/push.ts";
import type { Stage } from "./testing/stage.ts";
import { openStage } from "./testing/stage.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ "a.txt": "a\n", "big.txt": "line\n".repeat(1_000) });
});

afterEach(() => stage.close());

const mirror = (): string => join(stage.gateDir, "mirrors", "1.git");

/** Commits raw objects that git itself would never write; `tree` is a tree's bytes. */
async function commitRaw(
  agent: Clone,
  { tree, message }: { tree?: Buffer; message?: Buffer },
): Promise<void> {
  const file = join(agent.dir, ".git", "raw");
  const write = async (type: string, bytes: Buffer): Promise<string> => {
    writeFileSync(file, bytes);
    return agent.git("hash-object", "-t", type, "-w", "--literally", file);
  };
  const root = tree ? await write("tree", tree) : await agent.git("rev-parse", "HEAD^{tree}");
  const person = "Ada <ada@example.com> 1700000000 +0000";
  const head = `tree ${root}\nparent ${await agent.git("rev-parse", "HEAD")}\nauthor ${person}\ncommitter ${person}\n\n`;
  const sha = await write("commit", Buffer.concat([Buffer.from(head), message ?? Buffer.from("Work\n")]));
  await agent.git("update-ref", "HEAD", sha);
}

async function entry(agent: Clone, mode: string, name: string): Promise<Buffer> {
  const blob = await agent.git("rev-parse", "HEAD:a.txt");
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(blob, "hex")]);
}

test.each([
  ["100644", ".git", "hasDotgit"],
  ["100644", "..", "hasDotdot"],
  ["120000", ".gitmodules", "gitmodulesSymlink"],
])("git's own checks refuse %s %s", async (mode, name, problem) => {
  const agent = await stage.agent();
  await commitRaw(agent, { tree: await entry(agent, mode, name) });
  const end = await push(agent);
  expect(end.stderr).toMatch(new RegExp(`coxswain: refused: git's own checks.*${problem}`));
  expect((await stage.refs())[REF]).toBeUndefined();
});

test("a message can't hide words behind a NUL", async () => {
  const agent = await stage.agent();
  await commitRaw(agent, { message: Buffer.from("Work\0 [skip ci]\n") });
  const end = await push(agent);
  expect(end.stderr).toMatch(/coxswain: refused: git's own checks.*nulInCommit/);
});

test("a message of megabytes isn't read", async () => {
  const agent = await stage.agent();
  await commitRaw(agent, { message: Buffer.alloc(2_000_000, "closes #1 ") });
  expect((await push(agent)).stderr).toContain("is longer than 65536 letters");
});

/** What a client says that isn't git: `tip` for the branch, and any pack. */
async function rawPush(tip: string, pack: Buffer): Promise<string> {
  const command = `${"0".repeat(40)} ${tip} ${REF}\0report-status side-band-64k`;
  const head = `${(command.length + 4).toString(16).padStart(4, "0")}${command}0000`;
  const answer = await fetch(`${stage.gate}/git/octo/demo.git/git-receive-pack`, {
    method: "POST",
    headers: { "content-type": "application/x-git-receive-pack-request" },
    body: Buffer.concat([Buffer.from(head), pack]),
  });
  return answer.text();
}

const NOWHERE = "1234567890".repeat(4);

test("a commit that doesn't come along can't be judged", async () => {
  const nothing = Buffer.from("5041434b0000000200000000029d08823bd8a8eab510ad6ac75c823cfd3ed31e", "hex");
  expect(await rawPush(NOWHERE, nothing)).toContain(`ng ${REF} not judged`);
  expect(stage.told.at(-1)).toMatchObject({ verdict: "refused" });
});

test("a file that neither comes along nor is on GitHub is missed", async () => {
  const agent = await stage.agent();
  const lost = Buffer.concat([Buffer.from("100644 lost.txt\0"), Buffer.from(NOWHERE, "hex")]);
  await commitRaw(agent, { tree: lost });
  const tip = await agent.git("rev-parse", "HEAD");
  const input = `${tip}\n${await agent.git("rev-parse", "HEAD^{tree}")}\n`;
  const pack = execFileSync("git", ["pack-objects", "--stdout"], { cwd: agent.dir, input, stdio: "pipe" });
  expect(await rawPush(tip, pack)).toContain(`ng ${REF} missing necessary objects`);
  expect(stage.told.at(-1)).toMatchObject({ why: "git refused it: missing necessary objects" });
});

test.each(["", "0000", "garbage", "00zz", "0"])("%j in a push's place breaks nothing", async (body) => {
  const answer = await fetch(`${stage.gate}/git/octo/demo.git/git-receive-pack`, { method: "POST", body });
  expect(answer.status).toBe(200);
  expect(await stage.refs()).toEqual({ "refs/heads/main": expect.any(String) });
});

test("a file that is too large to look through is named in the log", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { "huge.txt": "text\n".repeat(300_000), "b.txt": "b" });
  expect((await push(agent)).code).toBe(0);
  expect(stage.told.at(-1)?.why).toContain("too large to look through: huge.txt");
});

test("a client that doesn't know the newest base doesn't send all history again", async () => {
  for (let n = 0; n < 5; n += 1)
    await stage.person.commit(`Noise ${n}`, {
      [`noise-${n}.txt`]: crypto.getRandomValues(new Uint8Array(40_000)).join(),
    });
  await stage.person.git("push", "--quiet", "origin", "main");
  const agent = await stage.agent();
  await stage.person.commit("Newer", { "newer.txt": "newer" });
  await stage.person.git("push", "--quiet", "origin", "main");
  await agent.commit("Work", { "b.txt": "b" });
  expect((await push(agent)).code).toBe(0);
  expect(stage.told.at(-1)?.bytes).toBeLessThan(2_000);
});

test("a mirror that is lost or broken is made anew", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { "b.txt": "b" });
  expect((await push(agent)).code).toBe(0);
  // What a gate leaves that is killed while it fetches.
  writeFileSync(join(mirror(), "refs/mirror", "refs%2Fheads%2Fmain.lock"), "");
  await stage.person.commit("Newer", { "newer.txt": "newer" });
  await stage.person.git("push", "--quiet", "origin", "main");
  await agent.commit("More", { "b.txt": "c" });
  expect((await push(agent)).stderr).toContain("502");
  expect((await push(agent)).code).toBe(0);
});

test("a mirror that can't be read from GitHub for a moment is kept", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { "b.txt": "b" });
  expect((await push(agent)).code).toBe(0);
  await stage.person.commit("Newer", { "newer.txt": "newer" });
  await stage.person.git("push", "--quiet", "origin", "main");
  await agent.commit("More", { "b.txt": "c" });
  let posts = 0;
  stage.upstream.before = async (request) => {
    if (request.startsWith("POST")) posts += 1;
    // The first is `ls-remote`, the second the fetch.
    if (posts === 2) stage.upstream.status = 503;
  };
  expect((await push(agent)).stderr).toContain("502");
  expect(existsSync(mirror())).toBe(true);
  stage.upstream.before = null;
  stage.upstream.status = null;
  expect((await push(agent)).code).toBe(0);
});

test("a warm mirror is there before the first push", async () => {
  const mirrors = mirrorsIn(join(stage.dir, "warm"));
  const { repository } = stage.lease;
  const url = `${stage.upstream.url}/octo/demo.git`;
  await mirrors.warm({ repository, url, token: "wrong" }, ["refs/heads/main"]);
  expect(existsSync(join(stage.dir, "warm/mirrors/1.git"))).toBe(false);
  await mirrors.warm({ repository, url, token: stage.upstream.token }, ["refs/heads/main", REF]);
  expect(existsSync(join(stage.dir, "warm/mirrors/1.git"))).toBe(true);
});

test("what a killed gate left is cleared away", () => {
  mkdirSync(join(stage.gateDir, "pushes", "push-old"), { recursive: true });
  stage.startAnother();
  expect(existsSync(join(stage.gateDir, "pushes"))).toBe(false);
});
