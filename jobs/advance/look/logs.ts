import { stripVTControlCharacters } from "node:util";

import type { Redis } from "ioredis";

import { isStatus } from "../../../app/github.ts";
import type { Installation } from "../../../app/github.ts";
import type { Check, Pull } from "../decide/snapshot.ts";

const LINES = 200;
const CHARACTERS = 16 * 1024;
/** A matrix can fail in a hundred jobs at once, mostly for one reason. */
const JOBS = 5;
const SECONDS = 3600;
/** A log that GitHub doesn't have yet may come. */
const NONE_SECONDS = 60;
/** Actions begins every line with its time. */
const STAMP = /^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z /;

export interface LogsOf {
  prefix: string;
  repository: { id: number; owner: string; name: string };
  /** Feedback items that were taken already: nobody reads their logs again. */
  taken: ReadonlySet<string>;
}

/** `pull` with the ends of the logs of its failed Actions jobs, once all checks have ended; of the first five of them. */
export async function withLogs(github: Installation, redis: Redis, of: LogsOf, pull: Pull): Promise<Pull> {
  if (pull.state !== "open" || pull.checks.some((check) => !check.ended)) return pull;
  const wanted = new Set(
    pull.checks.filter((check) => hasLog(check) && !of.taken.has(check.id)).slice(0, JOBS),
  );
  const checks = await Promise.all(
    pull.checks.map(async (check) =>
      check.kind === "run" && wanted.has(check)
        ? { ...check, log: await log(github, redis, of, check.id) }
        : check,
    ),
  );
  return { ...pull, checks };
}

const hasLog = (check: Check): boolean =>
  check.kind === "run" && check.failed && check.app === "github-actions";

async function log(github: Installation, redis: Redis, of: LogsOf, checkId: string): Promise<string | null> {
  const key = `${of.prefix}:log:${of.repository.id}:${checkId}`;
  const cached = await redis.get(key);
  if (cached !== null) return cached || null;
  // An Actions job has the id of its check run.
  const text = await fetchLog(github, of, Number(checkId.slice("cr".length)));
  await redis.set(key, text ?? "", "EX", text ? SECONDS : NONE_SECONDS);
  return text;
}

/** https://docs.github.com/en/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run */
async function fetchLog(github: Installation, of: LogsOf, job_id: number): Promise<string | null> {
  const { owner, name: repo } = of.repository;
  try {
    const route = "GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs";
    const answer = await github.read<string | ArrayBuffer>(route, { owner, repo, job_id });
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
