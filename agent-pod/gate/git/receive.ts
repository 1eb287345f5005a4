import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";

import type { PushBody } from "./body.ts";
import { localGit, PROMISOR, upstreamGit } from "./command.ts";
import type { Origin } from "./origin.ts";
import { Verdict, VERDICT_FILE } from "./rules.ts";

const JUDGE = fileURLToPath(new URL("judge.ts", import.meta.url));
/** Receiving and judging together; what isn't judged by then is refused. */
const RECEIVE_MS = 5 * 60_000;
/** What `receive-pack` may answer: a report of one ref, and the hook's words. */
const ANSWER_BYTES = 4 * 1024 * 1024;

/** What `receive-pack` answered, the bytes that it was sent, and what its hook found: null when it never ran or broke. */
export interface Received {
  answer: Buffer;
  bytes: number;
  verdict: Verdict | null;
}

/** Where a throw-away copy is, and what the git in it needs. */
export interface CopyAt {
  copy: string;
  home: string;
  origin: Origin;
}

/** The refs of the copy, as `receive-pack` shows them. */
export async function showRefs(at: CopyAt, signal: AbortSignal): Promise<Buffer> {
  const child = receivePack(at, ["--http-backend-info-refs"], { settings: [], signal });
  child.stdin.end();
  return collect(child.stdout, child.end);
}

/**
 * Gives a push to `receive-pack` in the copy, whose hook judges it. `known`: all commits that it names came from GitHub. Files
 * that were never fetched need no bearing with then, and git's short cut for that hangs for ever (2.39: `check_connected`
 * returns without closing what its side band reads from).
 */
export async function receive(
  at: CopyAt,
  { body, known }: { body: PushBody; known: boolean },
  signal: AbortSignal,
): Promise<Received> {
  const child = receivePack(at, [], { settings: known ? [] : [PROMISOR], signal });
  const answering = collect(child.stdout, child.end);
  // Git stops reading when it refuses, and its answer says why.
  await pipeline(body.stream(), child.stdin).catch(() => child.stdin.end());
  const answer = await answering;
  return { answer, bytes: body.bytes(), verdict: await readVerdict(at.copy) };
}

/** Neither `receive-pack` nor what it starts may use the network; the judge alone is told how, for what a file was before. */
function receivePack(
  { copy, home, origin }: CopyAt,
  args: readonly string[],
  { settings, signal }: { settings: (typeof PROMISOR)[]; signal: AbortSignal },
): { stdin: Writable; stdout: AsyncIterable<Buffer>; end(): void } {
  const child = spawn("git", ["receive-pack", "--stateless-rpc", ...args, copy], {
    env: {
      ...localGit(home, settings),
      // What one object may take: a few bytes can claim to be gigabytes.
      GIT_ALLOC_LIMIT: "512m",
      GATE_NODE: process.execPath,
      GATE_JUDGE: JUDGE,
      // It starts in half the time: https://nodejs.org/api/module.html#module-compile-cache
      NODE_COMPILE_CACHE: join(home, "judge"),
      GATE_UPSTREAM: JSON.stringify(upstreamGit(home, origin)),
    },
    stdio: ["pipe", "pipe", "ignore"],
    // A group of its own, so that the hook ends with it.
    detached: true,
  });
  child.on("error", () => {}); // no answer comes then, which says enough
  const end = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // it has ended
    }
  };
  const timer = setTimeout(end, RECEIVE_MS);
  signal.addEventListener("abort", end, { once: true });
  child.once("close", () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  });
  if (signal.aborted) end();
  return { stdin: child.stdin, stdout: child.stdout, end };
}

async function collect(stdout: AsyncIterable<Buffer>, end: () => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdout) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES) end();
    else chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function readVerdict(copy: string): Promise<Verdict | null> {
  const text = await readFile(join(copy, VERDICT_FILE), "utf8").catch(() => null);
  return text === null ? null : Verdict.parse(JSON.parse(text));
}
