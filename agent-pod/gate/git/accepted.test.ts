import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Clone, Ended } from "./testing/clone.ts";
import type { Stage } from "./testing/stage.ts";
import { BRANCH, openStage } from "./testing/stage.ts";

const REF = `refs/heads/${BRANCH}`;
// Nobody's token: split, so that this file passes such checks itself.
const TOKEN = ["ghp_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"].join("");

let stage: Stage;

beforeEach(async () => {
  const poem = Array.from({ length: 400 }, (_, n) => `line ${n} ${n * 7919}\n`).join("");
  stage = await openStage({
    "README.md": "# Demo\n",
    "src/add.js": "export const add = (a, b) => a - b;\n",
    ".github/workflows/ci.yml": "on: push\n",
    "config/old.env": `KEY=${TOKEN}\nNAME=demo\n`,
    "poem.txt": poem,
    "deep/er/file.txt": poem,
  });
});

afterEach(() => stage.close());

const push = (agent: Clone, ...options: string[]): Promise<Ended> =>
  agent.attempt("push", "--porcelain", ...options, "origin", `HEAD:${REF}`);

/** The throw-away copies that are there. */
const copies = (): string[] => readdirSync(join(stage.gateDir, "pushes"));

/** The commands of this stage's gate that run. */
const running = async (): Promise<string[]> => {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const commands = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""));
  return (await Promise.all(commands)).filter((line) => line.includes(join(stage.gateDir, "pushes")));
};

const tip = async (): Promise<string | undefined> => (await stage.refs())[REF];

/** Pushes, and tells how that went. */
async function pushing(agent: Clone): Promise<string> {
  const end = await push(agent);
  if (end.code !== 0) return end.stdout + end.stderr;
  return (await tip()) === (await agent.git("rev-parse", "HEAD"))
    ? "pushed"
    : "GitHub's branch stands elsewhere";
}

test("the first push makes the branch, a second one moves it on", async () => {
  const agent = await stage.agent();
  await agent.commit("Mend add\n\nFixes #12", { "src/add.js": "export const add = (a, b) => a + b;\n" });
  expect(await pushing(agent)).toBe("pushed");
  await agent.commit("Closes octo/demo#12; resolves GH-12", { "test/add.js": "test\n" });
  expect(await pushing(agent)).toBe("pushed");
  expect(stage.told.at(-1)).toMatchObject({ verdict: "passed", target: `octo/demo ${REF}` });
  expect(stage.told.at(-1)?.bytes).toBeGreaterThan(100);
});

test("a base commit alone can be pushed as a new branch", async () => {
  expect(await pushing(await stage.agent())).toBe("pushed");
});

test("nothing of a push stays behind", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent)).toBe("pushed");
  await agent.commit("Work [skip ci]", { b: "b" });
  expect((await push(agent)).code).not.toBe(0);
  expect(copies()).toEqual([]);
});

test.each([
  ["shallow", ["--depth=1"]],
  ["without files", ["--filter=blob:none"]],
  ["as the runner makes it", ["--filter=blob:limit=1m", "--single-branch", "--branch", "main"]],
])("a clone %s can push a small change of a large file", async (_, options) => {
  for (let n = 0; n < 5; n += 1) await stage.person.commit(`More ${n}`, { [`more/${n}.txt`]: `${n}\n` });
  await stage.person.git("push", "--quiet", "origin", "main");
  const agent = await stage.agent(...options);
  const poem = await agent.git("show", "HEAD:poem.txt");
  await agent.commit("Change a line", { "poem.txt": `${poem.replace("line 200", "LINE 200")}\n` });
  expect(await pushing(agent)).toBe("pushed");
  await agent.commit("Change another", { "deep/er/file.txt": `${poem.replace("line 20", "LINE 20")}\n` });
  expect(await pushing(agent)).toBe("pushed");
});

test("a file may go back to what it was long ago", async () => {
  const old = "export const add = (a, b) => a - b;\n";
  await stage.person.commit("Break it", { "src/add.js": "broken\n", "poem.txt": null });
  await stage.person.git("push", "--quiet", "origin", "main");
  const agent = await stage.agent();
  await agent.git("checkout", "--quiet", "HEAD~1", "--", "src/add.js", "poem.txt");
  await agent.commit("Go back", {});
  expect(await pushing(agent)).toBe("pushed");
  await stage.person.git("fetch", "--quiet", "origin");
  expect(await stage.person.git("show", `origin/${BRANCH}:src/add.js`)).toBe(old.trim());
});

test("merging a base that changed a workflow is no change", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent)).toBe("pushed");
  await stage.person.commit("Change CI [skip ci]", { ".github/workflows/ci.yml": "on: pull_request\n" });
  await stage.person.git("push", "--quiet", "origin", "main");
  await agent.git("fetch", "--quiet", "origin");
  await agent.git("merge", "--quiet", "--no-edit", "origin/main");
  // The base moves on once more before the merge is pushed.
  await stage.person.commit("Change CI again", { ".github/workflows/ci.yml": "on: [push]\n" });
  await stage.person.git("push", "--quiet", "origin", "main");
  expect(await pushing(agent)).toBe("pushed");
});

test("a branch made from an older base may be pushed after a workflow changed there", async () => {
  const agent = await stage.agent();
  await stage.person.commit("Change CI", { ".github/workflows/ci.yml": "on: pull_request\n" });
  await stage.person.git("push", "--quiet", "origin", "main");
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent)).toBe("pushed");
});

test("a merge can't bring back a workflow that the base has left behind", async () => {
  const first = await stage.person.git("rev-parse", "HEAD");
  await stage.person.commit("Change CI", { ".github/workflows/ci.yml": "on: pull_request\n" });
  await stage.person.git("push", "--quiet", "origin", "main");
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent)).toBe("pushed");
  const tree = await agent.git("rev-parse", `${first}^{tree}`);
  const evil = await agent.git("commit-tree", tree, "-p", "HEAD", "-p", first, "-m", "Merge");
  await agent.git("reset", "--quiet", "--hard", evil);
  const end = await push(agent);
  expect(end.code).not.toBe(0);
  expect(end.stderr).toContain(".github/workflows/ci.yml");
});

test("what was there before isn't this run's secret", async () => {
  const agent = await stage.agent();
  await agent.commit("Rename the demo", { "config/old.env": `NAME=other\nKEY=${TOKEN}\n` });
  expect(await pushing(agent)).toBe("pushed");
});

test("a binary file is taken as it is", async () => {
  const agent = await stage.agent();
  await agent.commit("Add a picture", { "a.bin": `\0\0\0${TOKEN}` });
  expect(await pushing(agent)).toBe("pushed");
});

test("a person's commits on the branch aren't judged", async () => {
  const agent = await stage.agent();
  await stage.person.git("checkout", "--quiet", "-b", "theirs");
  await stage.person.commit("Change CI [skip ci], closes #99", {
    ".github/workflows/ci.yml": "on: [push]\n",
  });
  await stage.person.git("push", "--quiet", "origin", `HEAD:${REF}`);
  await agent.git("fetch", "--quiet", "origin", REF);
  await agent.git("reset", "--quiet", "--hard", "FETCH_HEAD");
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent)).toBe("pushed");
});

async function personPushes(): Promise<string> {
  await stage.person.git("fetch", "--quiet", "origin", REF);
  await stage.person.git("checkout", "--quiet", "--detach", "FETCH_HEAD");
  const sha = await stage.person.commit("Meanwhile", { "meanwhile.txt": "hello\n" });
  await stage.person.git("push", "--quiet", "origin", `HEAD:${REF}`);
  return sha;
}

test("what a person pushed meanwhile is an ordinary rejection, and can be merged", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent)).toBe("pushed");
  const theirs = await personPushes();
  await agent.commit("More work", { a: "b" });
  const end = await push(agent);
  expect(end.stdout + end.stderr).toMatch(/\(fetch first\)|non-fast-forward/);
  expect(end.stderr).not.toContain("coxswain: refused");
  expect(await tip()).toBe(theirs);
  await agent.git("fetch", "--quiet", "origin", REF);
  await agent.git("merge", "--quiet", "--no-edit", "FETCH_HEAD");
  expect(await pushing(agent)).toBe("pushed");
});

test.each([
  // The second time that the gate asks where the branch stands is when the push itself has come.
  ["before the gate judges", "GET /octo/demo.git/info/refs?service=git-upload-pack", 2],
  ["after the gate has judged", "GET /octo/demo.git/info/refs?service=git-receive-pack", 1],
  ["while GitHub takes the push", "POST /octo/demo.git/git-receive-pack", 1],
])("a person who pushes %s isn't overwritten", async (_, when, nth) => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent)).toBe("pushed");
  await agent.commit("More work", { a: "b" });
  let theirs = "";
  let seen = 0;
  const before = async (request: string): Promise<void> => {
    if (request === when) seen += 1;
    if (seen !== nth) return;
    stage.upstream.before = null;
    theirs = await personPushes();
  };
  stage.upstream.before = before;
  const end = await push(agent);
  expect(theirs).not.toBe("");
  expect(end.code).not.toBe(0);
  expect(end.stdout + end.stderr).toMatch(/fetch first|non-fast-forward/);
  expect(end.stderr).not.toContain("coxswain: refused");
  expect(await tip()).toBe(theirs);
});

test("a branch that a person deletes while the gate judges doesn't come back", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent)).toBe("pushed");
  await agent.commit("More work", { a: "b" });
  stage.upstream.before = async (request) => {
    if (request !== "GET /octo/demo.git/info/refs?service=git-receive-pack") return;
    stage.upstream.before = null;
    await stage.person.git("push", "--quiet", "origin", `:${REF}`);
  };
  const end = await push(agent);
  expect(end.code).not.toBe(0);
  expect(end.stdout + end.stderr).toContain("non-fast-forward");
  expect(await tip()).toBeUndefined();
});

test("nothing is pushed by force", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent)).toBe("pushed");
  const before = await tip();
  await agent.git("commit", "--quiet", "--amend", "--message", "Other work");
  const end = await push(agent, "--force");
  expect(end.code).not.toBe(0);
  expect(end.stdout + end.stderr).toContain("non-fast-forward");
  expect(await tip()).toBe(before);
});

test("the branch isn't deleted", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent)).toBe("pushed");
  const end = await agent.attempt("push", "--porcelain", "origin", `:${REF}`);
  expect(end.code).not.toBe(0);
  expect(end.stdout + end.stderr).toContain("delete");
  expect(await tip()).toBeDefined();
});

test("GitHub's own no is told in GitHub's words, without its secrets", async () => {
  stage.upstream.hook(
    "pre-receive",
    `echo "GH006: Protected branch update failed for ${stage.upstream.token}." >&2; exit 1`,
  );
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  const end = await push(agent);
  expect(end.code).not.toBe(0);
  expect(end.stderr).toContain("GH006: Protected branch update failed");
  expect(end.stderr).not.toContain(stage.upstream.token);
  expect(end.stderr).not.toContain("coxswain: refused");
  expect(JSON.stringify(stage.told)).not.toContain(stage.upstream.token);
  expect(await tip()).toBeUndefined();
});

test("a run that was stopped while it was judged pushes nothing", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  await stage.endLease();
  const end = await push(agent);
  expect(end.stderr).toContain("503");
  expect(await tip()).toBeUndefined();
});

test("a push that is too large is refused in words", async () => {
  await stage.close();
  stage = await openStage({ a: "a" }, 100_000);
  const agent = await stage.agent();
  await agent.commit("Noise", { noise: randomBytes(12_000_000).toString("latin1") });
  const end = await push(agent);
  expect(end.code).not.toBe(0);
  expect(end.stderr).toContain("coxswain: refused: the push is larger than 97 KiB");
  expect(stage.told.at(-1)).toMatchObject({ verdict: "refused" });
  expect(await tip()).toBeUndefined();
  expect(copies()).toEqual([]);
});

test("twenty runs push at once", async () => {
  const branches = Array.from({ length: 20 }, (_, n) => `agent/12/task-${n}`);
  const agents: Clone[] = [];
  for (const branch of branches) agents.push(await stage.other(branch));
  const commits = await Promise.all(
    agents.map((agent, n) => agent.commit(`Work ${n}`, { [`${n}.txt`]: `${n}\n` })),
  );
  const ends = await Promise.all(
    agents.map((agent, n) => agent.attempt("push", "origin", `HEAD:refs/heads/${branches[n]}`)),
  );
  expect(ends.filter(({ code }) => code !== 0)).toEqual([]);
  const refs = await stage.refs();
  expect(branches.map((branch) => refs[`refs/heads/${branch}`])).toEqual(commits);
  expect(copies()).toEqual([]);
});

test("of two pushes of one run at once, one arrives, and the other hears that it did", async () => {
  const agents = [await stage.agent(), await stage.agent()];
  await Promise.all(agents.map((agent, n) => agent.commit(`Work ${n}`, { [`${n}.txt`]: `${n}\n` })));
  const ends = await Promise.all(agents.map((agent) => push(agent)));
  expect(ends.filter(({ code }) => code === 0)).toHaveLength(1);
  expect(ends.find(({ code }) => code === 1)?.stdout).toMatch(/fetch first|non-fast-forward/);
});

test("a client that hangs up leaves nothing running", async () => {
  const command = `${"0".repeat(40)} ${await stage.person.git("rev-parse", "HEAD")} ${REF}\0report-status side-band-64k`;
  const begin = `${(command.length + 4).toString(16).padStart(4, "0")}${command}0000PACK`;
  const gone = new AbortController();
  const answer = fetch(`${stage.gate}/git/octo/demo.git/git-receive-pack`, {
    method: "POST",
    headers: { "content-type": "application/x-git-receive-pack-request" },
    body: new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode(begin)) }),
    duplex: "half",
    signal: gone.signal,
  });
  await expect.poll(running).toHaveLength(1);
  gone.abort();
  await expect(answer).rejects.toThrow("aborted");
  await expect.poll(running).toEqual([]);
  await expect.poll(copies).toEqual([]);
});

test("the mirror has no files, and nothing fetches them", async () => {
  const agent = await stage.agent("--depth=1");
  await agent.commit("Work", { "deep/er/other.txt": "a" });
  expect(await pushing(agent)).toBe("pushed");
  await agent.git("mv", "deep/er/file.txt", "deep/moved.txt");
  await agent.commit("Move it", {});
  expect(await pushing(agent)).toBe("pushed");
  const mirror = join(stage.gateDir, "mirrors", "1.git");
  const objects = await stage.person.git(
    "--git-dir",
    mirror,
    "cat-file",
    "--batch-all-objects",
    "--batch-check",
  );
  expect(objects).toContain(" tree ");
  expect(objects).not.toContain(" blob ");
});

test("the token is in no file", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent)).toBe("pushed");
  const files = readdirSync(stage.gateDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  const basic = Buffer.from(`x-access-token:${stage.upstream.token}`).toString("base64");
  expect(files.length).toBeGreaterThan(3);
  expect(files.filter((text) => text.includes(stage.upstream.token) || text.includes(basic))).toEqual([]);
});
