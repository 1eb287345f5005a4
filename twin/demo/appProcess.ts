import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** As `npm start` and the image start it. */
const FLAGS = ["--max-semi-space-size=16"];
const MAIN = fileURLToPath(new URL("../../app/main.ts", import.meta.url));

interface Addresses {
  webhooks: string;
  gate: string;
}

/** The app as a process of its own, which can be killed and started again. */
export interface AppProcess {
  /** Throws, with the app's own words, if it doesn't start. */
  start(): Promise<Addresses>;
  /** Its process id, or null where it doesn't run. */
  pid(): number | null;
  /** Ends it as an operator would. */
  end(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

export interface AppProcessOptions {
  env: Record<string, string>;
  log: string;
  /** Whether it starts again when its code changes. */
  watch: boolean;
  /** Hears of the address of its webhooks, at each start. */
  listens(webhooks: string): void;
}

/** The app with that environment; not started yet. */
export function appProcess(options: AppProcessOptions): AppProcess {
  let child: ChildProcess | null = null;
  const send = async (signal: NodeJS.Signals): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  };
  return {
    async start() {
      const started = launch(options);
      child = started.child;
      return started.addresses;
    },
    pid: () => (child?.exitCode === null && child.signalCode === null ? (child.pid ?? null) : null),
    end: () => send("SIGTERM"),
    kill: () => send("SIGKILL"),
  };
}

function launch(options: AppProcessOptions): { child: ChildProcess; addresses: Promise<Addresses> } {
  const watch = options.watch ? ["--watch", "--watch-preserve-output"] : [];
  const child = spawn(process.execPath, [...FLAGS, ...watch, MAIN], {
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: Ctrl-C reaches the demo alone, which ends everything in its order.
    detached: true,
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...options.env },
  });
  const said: string[] = [];
  const addresses = new Promise<Addresses>((resolve, reject) => {
    const hear = (line: string): void => {
      said.push(line);
      appendFileSync(options.log, `${line}\n`);
      if (!line.startsWith('{"webhooks"')) return;
      const told = JSON.parse(line) as Addresses;
      options.listens(told.webhooks);
      resolve(told);
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", hear);
    child.once("exit", (code) => {
      reject(new Error(`The app ended (${code}) before it started:\n${said.slice(-12).join("\n")}`));
    });
  });
  return { child, addresses };
}
