import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";

import { openRedis } from "./redis.ts";
import type { OpenedRedis } from "./redis.ts";

const log = pino({ level: "silent" });
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "rd-"));
  ends.push(() => rmSync(dir, { recursive: true }));
  return dir;
}

async function open(dir: string): Promise<OpenedRedis> {
  const opened = await openRedis({ dir, log });
  ends.push(() => opened.stop());
  return opened;
}

function client(url: string): Redis {
  const redis = new Redis(url, { retryStrategy: () => 50 });
  redis.on("error", () => {}); // it is killed below; what matters is what is read after
  ends.push(() => redis.disconnect());
  return redis;
}

async function pid(redis: Redis): Promise<number> {
  return Number(/process_id:(\d+)/.exec(await redis.info("server"))![1]);
}

test("a given address is taken as it is, and left alone", async () => {
  const opened = await openRedis({ url: "redis://elsewhere:6379", dir: "/nowhere", log });
  expect(opened.url).toBe("redis://elsewhere:6379");
  await opened.stop();
  expect(existsSync("/nowhere")).toBe(false);
});

test("our own keeps what it answered, though it is killed, and is started again", async () => {
  const dir = tempDir();
  const opened = await open(dir);
  const redis = client(opened.url);
  const first = await pid(redis);
  await redis.set("promised", "yes");
  process.kill(first, "SIGKILL");
  expect(await redis.get("promised")).toBe("yes");
  expect(await pid(redis)).not.toBe(first);
});

test("it evicts nothing, syncs each write, and nobody else reaches it", async () => {
  const dir = tempDir();
  const redis = client((await open(dir)).url);
  expect(await redis.config("GET", "maxmemory-policy")).toEqual(["maxmemory-policy", "noeviction"]);
  expect(await redis.config("GET", "appendfsync")).toEqual(["appendfsync", "always"]);
  expect(await redis.config("GET", "port")).toEqual(["port", "0"]);
  expect(statSync(join(dir, "redis")).mode & 0o777).toBe(0o700);
});

test("BullMQ takes its address", async () => {
  const queue = new Queue("q", { connection: { url: (await open(tempDir())).url } });
  await queue.add("job", {});
  expect(await queue.count()).toBe(1);
  await queue.close();
});

test("one that runs is adopted, and several that start at once share one", async () => {
  const dir = tempDir();
  const opened = await Promise.all([1, 2, 3].map(() => openRedis({ dir, log })));
  ends.push(() => Promise.all(opened.map((each) => each.stop())));
  const pids = await Promise.all(opened.map(({ url }) => pid(client(url))));
  expect(new Set(pids).size).toBe(1);
});

test("it outlives the process that started it, in a group of its own", async () => {
  const dir = tempDir();
  const script = `import { pino } from "pino"; import { openRedis } from "./app/config/redis.ts";
    console.log((await openRedis({ dir: ${JSON.stringify(dir)}, log: pino({ level: "silent" }) })).url);`;
  const starter = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(starter, "exit");
  const before = await pid(client(join(dir, "redis", "redis.sock")));
  expect(readFileSync(`/proc/${before}/stat`, "utf8").split(" ")[4]).toBe(String(before));
  expect(await pid(client((await open(dir)).url))).toBe(before);
});

test("after stop it is gone, and started again it knows everything", async () => {
  const dir = tempDir();
  const first = await openRedis({ dir, log });
  const redis = client(first.url);
  await redis.set("kept", "yes");
  const was = await pid(redis);
  await first.stop();
  expect(() => process.kill(was, 0)).toThrow("ESRCH");
  expect(await client((await open(dir)).url).get("kept")).toBe("yes");
});

test("a folder that is too deep for a socket is said", async () => {
  const dir = join(tempDir(), "x".repeat(100));
  await expect(openRedis({ dir, log })).rejects.toThrow("set a shorter COXSWAIN_DIR, or REDIS_URL.");
});

test("a Redis that can't start is said, with where it says why", async () => {
  const dir = tempDir();
  mkdirSync(join(dir, "redis", "redis.log"), { recursive: true });
  await expect(openRedis({ dir, log })).rejects.toThrow(/redis\.log says why\.$/);
});

/** A folder of programs: an apt-get that writes down its calls and, if it `works`, installs the real Redis here. */
function machine(works: "at once" | "after update" | "never"): { path: string; calls: () => string[] } {
  const path = tempDir();
  const install = `ln -s "$(PATH=/usr/bin:/bin command -v redis-server)" ${path}/redis-server`;
  const body = {
    "at once": install,
    "after update": `test -e ${path}/updated && ${install}`,
    never: "exit 100",
  }[works];
  writeFileSync(
    join(path, "apt-get"),
    `#!/bin/sh\nPATH=/usr/bin:/bin\necho "$@" >>${path}/calls\nif [ "$1" = update ]; then touch ${path}/updated; exit; fi\n${body}\n`,
  );
  chmodSync(join(path, "apt-get"), 0o755);
  const calls = () =>
    existsSync(join(path, "calls")) ? readFileSync(join(path, "calls"), "utf8").trim().split("\n") : [];
  return { path, calls };
}

const INSTALL = "install --yes --no-install-recommends redis-server";

test.each([
  ["at once", [INSTALL]],
  ["after update", [INSTALL, "update", INSTALL]],
] as const)("root installs a missing redis-server: %s", async (works, calls) => {
  const { path, calls: made } = machine(works);
  const opened = await openRedis({ dir: tempDir(), log, machine: { path, root: true } });
  ends.push(() => opened.stop());
  expect(await client(opened.url).ping()).toBe("PONG");
  expect(made()).toEqual(calls);
});

test("where it can't be installed, one sentence says what to do", async () => {
  const { path } = machine("never");
  const opened = openRedis({ dir: tempDir(), log, machine: { path, root: true } });
  await expect(opened).rejects.toThrow("install it yourself, or set REDIS_URL.");
});

test("who isn't root is told what to do, and nothing is installed", async () => {
  const { path, calls } = machine("at once");
  const opened = openRedis({ dir: tempDir(), log, machine: { path, root: false } });
  await expect(opened).rejects.toThrow(
    "install it (on Debian: apt-get install redis-server), or set REDIS_URL.",
  );
  expect(calls()).toEqual([]);
});

test("one that is there is taken", async () => {
  const { path, calls } = machine("never");
  symlinkSync("/usr/bin/redis-server", join(path, "redis-server"));
  const opened = await openRedis({ dir: tempDir(), log, machine: { path, root: true } });
  ends.push(() => opened.stop());
  expect(calls()).toEqual([]);
});
