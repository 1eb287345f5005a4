import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Clone } from "./testing/clone.ts";
import { push, pushing, REF, tip } from "./testing/push.ts";
import type { Stage } from "./testing/stage.ts";
import { openStage } from "./testing/stage.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ a: "first", "deep/er/file.txt": "file" });
});

afterEach(() => stage.close());

/** The throw-away copies that are there. */
const copies = (): string[] => readdirSync(join(stage.gateDir, "pushes"));

/** The commands of this stage's gate that run. */
const running = async (): Promise<string[]> => {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const commands = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""));
  return (await Promise.all(commands)).filter((line) => line.includes(join(stage.gateDir, "pushes")));
};

test("nothing of a push stays behind", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent, stage)).toBe("pushed");
  await agent.commit("Work [skip ci]", { b: "b" });
  expect((await push(agent)).code).not.toBe(0);
  expect(copies()).toEqual([]);
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
  expect(await tip(stage)).toBeUndefined();
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
  expect(await pushing(agent, stage)).toBe("pushed");
  await agent.git("mv", "deep/er/file.txt", "deep/moved.txt");
  await agent.commit("Move it", {});
  expect(await pushing(agent, stage)).toBe("pushed");
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
  expect(await pushing(agent, stage)).toBe("pushed");
  const files = readdirSync(stage.gateDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  const basic = Buffer.from(`x-access-token:${stage.upstream.token}`).toString("base64");
  expect(files.length).toBeGreaterThan(3);
  expect(files.filter((text) => text.includes(stage.upstream.token) || text.includes(basic))).toEqual([]);
});
