import { EventEmitter } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { Line } from "../../../agent-pod/contract/lines.ts";
import type { Cluster, RunLabels, RunSpec, SeenRun } from "./cluster.ts";
import { endNow, endOf, killRun } from "./process/end.ts";
import type { RunFolder } from "./process/folder.ts";
import { readJson, readText, runFolder, SpecFile, writeWhole } from "./process/folder.ts";
import { answersIn, followLog } from "./process/log.ts";
import { clearUnfinished, makeFolder, removeFolder } from "./process/make.ts";
import { spawnRunner, startOnce } from "./process/start.ts";
import { asRoot } from "./process/user.ts";
import { watchEnds } from "./process/watch.ts";

/** How long after the brief's minutes a run that doesn't end by itself is ended. */
const MARGIN_MINUTES = 2;

export interface ProcessClusterOptions {
  /** Where the runs are kept, each in a folder of its own. */
  dir: string;
  /** The gate's base URL. */
  gate: string;
  /** More environment for the runner (`PATH`), over what it gets anyway. */
  env?: Record<string, string>;
  /** Tests only: the ACP agent to start in the place of the brief's preset. */
  agentCommand?: readonly string[];
  /** Minutes after the brief's own at which a run is ended from here; 2 unless told. */
  marginMinutes?: number;
}

/**
 * Runs as processes of this machine, which outlive us. It isolates little (GATE.md): a HOME, an environment and a process
 * group for each run, and as root also a user.
 */
export function processCluster(options: ProcessClusterOptions): Cluster {
  const runs = join(options.dir, "runs");
  mkdirSync(runs, { recursive: true });
  // Each run's user passes through to its own folder, and sees no other.
  for (const folder of [options.dir, runs]) chmodSync(folder, asRoot() ? 0o711 : 0o700);
  clearUnfinished(runs);
  const bell = new EventEmitter();
  const see = seer(runs);

  const list: Cluster["list"] = async (of) => {
    const seen = await Promise.all(
      namesIn(runs).map(async (name) => {
        const labels = specOf(runs, name)?.labels;
        const wanted = !of || (labels?.repositoryId === of.repositoryId && labels.issue === of.issue);
        return wanted ? see(name) : null;
      }),
    );
    return seen.filter((run) => run !== null);
  };

  return {
    list,
    ensure: async (spec) => {
      const folder = folderOf(runs, spec.name);
      const taken = new Set(namesIn(runs).map((name) => specOf(runs, name)?.uid ?? 0));
      makeFolder(folder.dir, spec, timesOf(spec, options), taken);
      const file = demandSame(specOf(runs, spec.name), spec);
      if (existsSync(folder.halted)) return;
      const { pass } = spec;
      const { gate } = options;
      const exited = (): void => void bell.emit("exit");
      const env = runnerEnvironment(options);
      await startOnce(folder, () => spawnRunner(folder, { uid: file.uid, pass, gate, env, exited }));
      // Stopped while we started it: what stopped it couldn't know the process.
      if (existsSync(folder.halted)) await killRun(folder, file);
    },
    follow: (name, from, signal) => {
      const over = async (): Promise<boolean> => (await see(name))?.state.kind !== "running";
      return startingAt(from, followLog(folderOf(runs, name).lines, over, signal));
    },
    remember: async (name, spent) => {
      if (specOf(runs, name)) writeWhole(folderOf(runs, name).spent, String(spent));
    },
    stop: async (name, graceMs) => {
      const file = specOf(runs, name);
      if (file && (await see(name))?.state.kind === "running")
        await endNow(folderOf(runs, name), file, graceMs);
    },
    forget: async (name) => {
      const run = await see(name);
      if (run?.state.kind === "running")
        throw new Error(`The run ${name} still runs: it can't be forgotten.`);
      await removeFolder(folderOf(runs, name));
    },
    watch: async (ended) => watchEnds(() => list(), ended, bell),
  };
}

/** A run as its folder tells it; what has ended is read once. */
function seer(runs: string): (name: string) => Promise<SeenRun | null> {
  const ended = new Map<string, SeenRun["state"]>();
  return async (name) => {
    const folder = folderOf(runs, name);
    const file = specOf(runs, name);
    if (!file) return null;
    const key = `${name} ${file.startedAt.toISOString()}`;
    const state = ended.get(key) ?? (await stateOf(folder, file));
    if (state.kind !== "running") ended.set(key, state);
    const spent = Number(readText(folder.spent) ?? 0);
    return { name, labels: file.labels, startedAt: file.startedAt, state, spent };
  };
}

async function stateOf(folder: RunFolder, file: SpecFile): Promise<SeenRun["state"]> {
  const end = await endOf(folder, file, new Date());
  if (!end) return { kind: "running" };
  return end.kind === "lost" ? end : { ...end, answers: await answersIn(folder.lines) };
}

/** Throws unless the run that is there under this name is the one that is wanted; its repository may have been renamed. */
function demandSame(file: SpecFile | null, spec: RunSpec): SpecFile {
  if (!file) throw new Error(`The run ${spec.name} was removed while it was started.`);
  const idOf = ({ repositoryId, issue, task, purpose, attempt }: RunLabels): string =>
    JSON.stringify([repositoryId, issue, task, purpose, attempt]);
  if (idOf(file.labels) === idOf(spec.labels)) return file;
  throw new Error(
    `There is another run of the name ${spec.name}: ${idOf(file.labels)} and not ${idOf(spec.labels)}.`,
  );
}

function timesOf(spec: RunSpec, options: ProcessClusterOptions): { startedAt: Date; deadline: Date } {
  const startedAt = new Date();
  const minutes = spec.brief.limits.minutes + (options.marginMinutes ?? MARGIN_MINUTES);
  return { startedAt, deadline: new Date(startedAt.getTime() + minutes * 60_000) };
}

function runnerEnvironment({ env, agentCommand }: ProcessClusterOptions): Record<string, string> {
  return { ...env, ...(agentCommand ? { COXSWAIN_AGENT_COMMAND: JSON.stringify(agentCommand) } : {}) };
}

async function* startingAt(from: number, lines: AsyncIterable<Line>): AsyncGenerator<Line> {
  for await (const line of lines) if (line.n >= from) yield line;
}

function folderOf(runs: string, name: string): RunFolder {
  if (!/^[a-z0-9][a-z0-9-]{0,51}$/.test(name)) throw new Error(`"${name}" can't be the name of a run.`);
  return runFolder(join(runs, name));
}

function specOf(runs: string, name: string): SpecFile | null {
  return readJson(folderOf(runs, name).spec, SpecFile);
}

function namesIn(runs: string): string[] {
  return readdirSync(runs).filter((name) => !name.startsWith("."));
}
