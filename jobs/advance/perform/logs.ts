import { stripVTControlCharacters } from "node:util";

import type { FeedbackItem } from "../../../agent-pod/contract/brief.ts";
import { isStatus } from "../../../app/github.ts";
import { cleanIn } from "../../../app/words/text.ts";
import type { Effect, RunOrder } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

const LINES = 200;
const CHARACTERS = 16 * 1024;
/** A matrix can fail in a hundred jobs at once, mostly for one reason. */
const JOBS = 5;
const TEXT = 59_000;
/** Actions begins every line with its time. */
const STAMP = /^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z /;

type Ports = Pick<PerformPorts, "github" | "snapshot">;

/** The feedback of orders, by the run's name, with the ends of the logs of failed Actions jobs. */
export type Logs = ReadonlyMap<string, Promise<FeedbackItem[]>>;

/**
 * Begins to read what the runs among `effects` are to know of failed Actions jobs, of the first five each: it takes a call
 * that mustn't wait for the intent to be written, nor the other way round.
 */
export function readLogs(effects: Effect[], ports: Ports): Logs {
  const orders = effects.flatMap((effect) => (effect.kind === "run" ? [effect.order] : []));
  return new Map(
    orders.map((order) => {
      const reading = feedbackWithLogs(order, ports);
      // Who waits for it hears of it; where an earlier effect has failed nobody does.
      reading.catch(() => {});
      return [order.name, reading];
    }),
  );
}

async function feedbackWithLogs(order: RunOrder, ports: Ports): Promise<FeedbackItem[]> {
  if (order.kind === "plan") return [];
  const { feedback } = order.brief;
  const jobs = jobsOf(ports.snapshot);
  const wanted = new Set(feedback.filter(({ id }) => jobs.has(id)).slice(0, JOBS));
  return Promise.all(feedback.map(async (item) => (wanted.has(item) ? withLog(item, ports) : item)));
}

/** The failed jobs of Actions: others have no log that GitHub shows. */
function jobsOf({ pulls }: PerformPorts["snapshot"]): Set<string> {
  const checks = pulls.flatMap((pull) => pull.checks);
  const jobs = checks.filter(({ kind, failed, app }) => kind === "run" && failed && app === "github-actions");
  return new Set(jobs.map(({ id }) => id));
}

async function withLog(item: FeedbackItem, ports: Ports): Promise<FeedbackItem> {
  const log = await fetchLog(item, ports);
  if (!log) return item;
  return { ...item, text: `${item.text}\n\nThe end of its log:\n${cleanIn(log)}`.slice(-TEXT) };
}

/** https://docs.github.com/en/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run */
async function fetchLog({ id }: FeedbackItem, { github, snapshot }: Ports): Promise<string | null> {
  try {
    const route = "GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs";
    // An Actions job has the id of its check run.
    const job_id = Number(id.slice("cr".length));
    const answer = await github.read<string | ArrayBuffer>(route, { ...repo({ snapshot }), job_id });
    return endOf(typeof answer === "string" ? answer : Buffer.from(answer).toString("utf8"));
  } catch (error) {
    // Not there (yet), not ours to read, or expired: the check's own words must do.
    if (isStatus(error, 403, 404, 410)) return null;
    throw error;
  }
}

/** The last lines of a log, without times and colours. */
export function endOf(log: string): string {
  const lines = log.trimEnd().split(/\r?\n/).slice(-LINES);
  return stripVTControlCharacters(lines.map((line) => line.replace(STAMP, "")).join("\n")).slice(-CHARACTERS);
}
