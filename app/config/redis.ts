import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Logger } from "pino";

import { redisBinary } from "./redis-binary.ts";
import type { Machine } from "./redis-binary.ts";

/** What the kernel takes for a unix socket's address, without the NUL (unix(7)). */
const MOST_SOCKET_BYTES = 107;
/** Of util-linux, which Debian always has; and how it ends when another process holds the lock. */
const FLOCK = "flock";
const LOCKED = 75;
/** Milliseconds in which a Redis must answer; one with a long append-only file takes its time to load it. */
const PATIENCE = 60_000;

/** A Redis that can be used. `new Redis(url)` of ioredis and BullMQ's `connection: { url }` both take `url`. */
export interface OpenedRedis {
  /** An address like `redis://host:6379/0`, or the absolute path of a unix socket. */
  url: string;
  /** Ends the Redis that was started or adopted here, and its supervision; one at a given address is left alone. */
  stop(): Promise<void>;
  /** Ends the supervision alone: it goes on for those who need it. */
  leave(): void;
}

interface Own {
  home: string;
  socket: string;
  binary: string;
}

/**
 * The Redis at `url`; without one, our own in `dir`, which is adopted if it runs, started if not, and started again
 * whenever it ends. It outlives this process, so that a restart of the app finds its queues as they were.
 *
 * It writes each change to its append-only file and to the disk before it answers (`appendfsync always`). With
 * `everysec` a write may wait up to two seconds behind a slow fsync, and be lost with the process although it was
 * answered (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/): a webhook's 200 would then
 * have promised too much. The cost is a third of a millisecond a write, shared by all writes of one moment.
 *
 * @throws an error whose message tells a person what to do, if there is no Redis to be had.
 */
export async function openRedis(options: {
  url?: string | undefined;
  dir: string;
  log: Logger;
  machine?: Machine;
}): Promise<OpenedRedis> {
  const {
    url,
    dir,
    log,
    machine = { path: process.env["PATH"] ?? "", root: process.getuid?.() === 0 },
  } = options;
  if (url) return { url, stop: async () => {}, leave: () => {} };
  const home = resolve(dir, "redis");
  const socket = join(home, "redis.sock");
  if (Buffer.byteLength(socket) > MOST_SOCKET_BYTES) {
    throw new Error(
      `${socket} is too long for the path of a unix socket: set a shorter COXSWAIN_DIR, or REDIS_URL.`,
    );
  }
  // Whoever reaches the socket holds everything: agents run as other users, and must not.
  await mkdir(home, { recursive: true, mode: 0o700 });
  const own = { home, socket, binary: await redisBinary(machine, log) };
  const stopped = new AbortController();
  await start(own, log, stopped.signal);
  supervise(own, log, stopped.signal);
  return {
    url: socket,
    stop: async () => {
      stopped.abort();
      await shutDown(own);
    },
    leave: () => stopped.abort(),
  };
}

/** Returns when a Redis answers on the socket: one that ran already, one of another process that did the same, or ours. */
async function start(own: Own, log: Logger, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  let server: ChildProcess | undefined;
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    if ((await ask(own.socket, "PING")).startsWith("+PONG")) return;
    if (server && server.exitCode !== null && server.exitCode !== LOCKED) break;
    if (!server || server.exitCode === LOCKED) {
      server = launch(own);
      log.info({ pid: server.pid, dir: own.home }, "starting redis-server");
    }
    await sleep(50);
  }
  throw new Error(`redis-server doesn't start: ${join(own.home, "redis.log")} says why.`);
}

/**
 * Redis itself would take the socket and the files from under another one. The kernel gives the lock to one process,
 * which Redis becomes (`--no-fork`), and takes it back when that one ends, however it ends.
 */
function launch({ home, socket, binary }: Own): ChildProcess {
  const settings = {
    port: "0",
    unixsocket: socket,
    unixsocketperm: "700",
    dir: home,
    logfile: join(home, "redis.log"),
    appendonly: "yes",
    appendfsync: "always",
    save: "",
    "maxmemory-policy": "noeviction",
  };
  const server = spawn(
    FLOCK,
    ["--no-fork", "--nonblock", "--conflict-exit-code", String(LOCKED), join(home, "lock"), binary].concat(
      Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    ),
    // A group of its own: Ctrl-C in our terminal isn't meant for it. No secret of our environment is its business.
    { detached: true, stdio: "ignore", env: { PATH: process.env["PATH"] } },
  );
  server.on("error", () => {}); // `start` sees that nothing answers, and says so
  server.unref();
  return server;
}

/** Starts Redis again whenever it ends, until `signal` aborts. */
function supervise(own: Own, log: Logger, signal: AbortSignal): void {
  const socket = connect(own.socket).unref();
  signal.addEventListener("abort", () => socket.destroy(), { once: true });
  socket.on("error", () => {}); // `close` follows
  socket.on("close", () => void again(own, log, signal));
}

async function again(own: Own, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      log.warn("redis-server has ended: starting it again");
      await start(own, log, signal);
      return supervise(own, log, signal);
    } catch (error) {
      if (!signal.aborted) log.error(error);
      await sleep(1000, undefined, { ref: false });
    }
  }
}

/** Ends the Redis that holds the lock; one that is just starting is asked again. It has ended when the lock is free. */
async function shutDown({ home, socket }: Own): Promise<void> {
  for (let asked = 0; asked < 10; asked++) {
    await ask(socket, "SHUTDOWN NOSAVE");
    const free = spawn(FLOCK, ["--timeout", "1", join(home, "lock"), "true"], { stdio: "ignore" });
    const [code] = (await once(free, "exit")) as [number | null];
    if (code === 0) return;
  }
}

/** The first line of the answer to one command, or "" if nothing answers. */
async function ask(path: string, command: string): Promise<string> {
  const socket = connect(path);
  socket.setTimeout(5000, () => socket.destroy());
  try {
    return await new Promise((resolve) => {
      socket.once("data", (bytes) => resolve(String(bytes)));
      socket.once("error", () => resolve(""));
      socket.once("close", () => resolve(""));
      socket.write(`${command}\r\n`);
    });
  } finally {
    socket.destroy();
  }
}
