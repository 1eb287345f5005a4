import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";

import { identify, isAlive } from "./cluster/process/alive.ts";
import type { ProcessId } from "./cluster/process/alive.ts";

/** A gate that can be used. */
export interface OpenedGate {
  url: string;
  /** Ends the gate that was started or adopted here; one at a given address is left alone. */
  stop(): Promise<void>;
}

interface Gate {
  id: ProcessId;
  url: string;
  /** Of its settings: a gate with others is replaced. */
  settings: string;
}

const MAIN = fileURLToPath(new URL("../../agent-pod/gate/main.ts", import.meta.url));
const PATIENCE_MS = 20_000;

/**
 * The gate at `url`; without one, our own in `dir`, a process of its own that outlives the app (design §4), which is
 * adopted if it runs with the same settings. `env` is all of its environment but PATH and GATE_PORT.
 */
export async function openGate(options: {
  url?: string | undefined;
  dir: string;
  env: Record<string, string>;
}): Promise<OpenedGate> {
  if (options.url) return { url: options.url, stop: async () => {} };
  const home = join(options.dir, "gate");
  await mkdir(home, { recursive: true, mode: 0o700 });
  const file = join(home, "gate.json");
  const settings = createHash("sha256").update(JSON.stringify(options.env)).digest("hex");
  const old = await adopt(file);
  if (old && old.settings === settings) return { url: old.url, stop: () => end(file, old) };
  if (old) await end(file, old);
  const port = old ? new URL(old.url).port : "0";
  const record = await launch(home, { ...options.env, GATE_PORT: port, GATE_DIR: home }, settings);
  await writeFile(file, JSON.stringify(record), { mode: 0o600 });
  return { url: record.url, stop: () => end(file, record) };
}

async function launch(home: string, env: Record<string, string>, settings: string): Promise<Gate> {
  const log = join(home, "gate.log");
  const out = await open(log, "w", 0o600);
  const child = spawn(process.execPath, [MAIN], {
    detached: true,
    stdio: ["ignore", out.fd, out.fd],
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  child.unref();
  await out.close();
  const { pid } = child;
  if (pid === undefined) throw new Error("The gate could not be started.");
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until && child.exitCode === null) {
    const url = /"gate":"(http[^"]+)"/.exec(await readFile(log, "utf8"))?.[1];
    const id = identify(pid);
    if (url && id) return { id, url, settings };
    await sleep(50);
  }
  throw new Error(
    `The gate didn't start: ${(await readFile(log, "utf8")).trim().split("\n").at(-1) ?? "it said nothing"}`,
  );
}

/** The gate that runs already, by pid *and* start time: pids are used again. */
async function adopt(file: string): Promise<Gate | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  const record = JSON.parse(text) as Gate;
  return isAlive(record.id) ? record : null;
}

async function end(file: string, gate: Gate): Promise<void> {
  if (isAlive(gate.id)) process.kill(gate.id.pid, "SIGTERM");
  for (let waited = 0; waited < 50 && isAlive(gate.id); waited++) await sleep(100);
  if (isAlive(gate.id)) process.kill(gate.id.pid, "SIGKILL");
  await rm(file, { force: true });
}
