import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { Redis } from "ioredis";

/** A real Redis that a test may kill, freeze and start again. It keeps what it was told. */
export interface TestRedis {
  /** The path of its socket. */
  url: string;
  /** Waits for Redis instead of failing, unlike the gate's. */
  client: Redis;
  kill(): Promise<void>;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** Starts one in `dir`. */
export async function openRedis(dir: string): Promise<TestRedis> {
  const url = join(dir, "redis.sock");
  let server: ChildProcess = launch(dir, url);
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 30 });
  client.on("error", () => {}); // it is killed below
  await client.ping();
  const kill = async (): Promise<void> => {
    const exited = once(server, "exit");
    server.kill("SIGKILL");
    await exited;
  };
  return {
    url,
    client,
    kill,
    start: async () => {
      server = launch(dir, url);
      await client.ping();
    },
    freeze: () => void server.kill("SIGSTOP"),
    thaw: () => void server.kill("SIGCONT"),
    close: async () => {
      client.disconnect();
      await kill();
    },
  };
}

function launch(dir: string, socket: string): ChildProcess {
  const settings = { port: "0", unixsocket: socket, dir, appendonly: "yes", appendfsync: "always", save: "" };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return spawn("redis-server", args, { stdio: "ignore" });
}
