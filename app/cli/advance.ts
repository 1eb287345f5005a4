import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { Queue, QueueEvents } from "bullmq";
import { Redis } from "ioredis";
import { pino } from "pino";

import { deriveKey } from "../../agent-pod/contract/pass.ts";
import { lookAt } from "../../jobs/advance/advance.ts";
import type { AdvancePorts } from "../../jobs/advance/advance.ts";
import { decide } from "../../jobs/advance/decide/decide.ts";
import { openCluster } from "../../jobs/run/cluster/open.ts";
import { openSlots } from "../../jobs/run/slots.ts";
import { openBell } from "../bell.ts";
import type { QueueHome } from "../bell.ts";
import { writeBucket } from "../bucket.ts";
import { choicesOf } from "../config/choices.ts";
import { readEnvironment } from "../config/environment.ts";
import { openRedis } from "../config/redis.ts";
import { openGitHubApp } from "../probot.ts";
import type { GitHubApp } from "../probot.ts";
import { subjectKey } from "../subject.ts";
import type { IssueSubject } from "../subject.ts";

const HELP = `npm run advance -- owner/repo#12 [--dry]

Rings an issue, so that the running app looks at it again, and tells what happened.
  --dry   looks and decides by itself, changes nothing, and prints snapshot, phase, effects and reasons
Takes the same environment as npm start.`;

const TIMEOUT_MS = 30_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { dry: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  const [, owner, name, number] = /^([\w.-]+)\/([\w.-]+)#(\d+)$/.exec(positionals[0] ?? "") ?? [];
  if (values.help || positionals.length !== 1 || !owner || !name || !number) {
    console.log(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const environment = readEnvironment(process.env);
  const log = pino({ level: "silent" });
  const app = await openGitHubApp(environment, log);
  // One that is started for this look alone is ended with it.
  const borrowed =
    environment.redisUrl !== undefined || existsSync(join(environment.dir, "redis", "redis.sock"));
  const opened = await openRedis({ url: environment.redisUrl, dir: environment.dir, log });
  const prefix = `coxswain:${environment.appId}`;
  const redis = new Redis(opened.url);
  const { current, previous } = environment.privateKeys;
  const bucket = writeBucket(redis, prefix);
  const home = { connection: { url: opened.url }, prefix: `${prefix}:bull` };
  const bell = await openBell(home);
  const runs = new Queue("run", home);
  try {
    const subject = await subjectOf(app, owner, name, Number(number));
    if (!values.dry) return await ring(subject, bell, home);
    const here = { dir: environment.dir, gate: environment.gateUrl ?? "" };
    const { cluster, close } = openCluster(environment.kubernetes, here, { appId: app.id, log });
    const ports: AdvancePorts = {
      app: { id: app.id, slug: app.slug },
      redis,
      prefix,
      cluster,
      runs,
      slots: openSlots({ redis, prefix, cluster, runs, maxRuns: environment.maxRuns }),
      bell,
      github: (id) => app.github(id, bucket),
      stateKey: deriveKey(current, "state"),
      ...(previous !== null && { previousStateKey: deriveKey(previous, "state") }),
      model: environment.llm.model,
      choices: choicesOf(environment.kubernetes),
      clock: () => new Date(),
      log,
    };
    try {
      await dry(subject, ports);
    } finally {
      await close();
    }
  } finally {
    await Promise.all([bell.close(), runs.close()]);
    redis.disconnect();
    if (!borrowed) await opened.stop();
  }
}

/** The installation is looked up among the app's own. */
async function subjectOf(app: GitHubApp, owner: string, name: string, number: number): Promise<IssueSubject> {
  const places = await app.places();
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const place = places.find((each) => same(each.owner, owner) && same(each.name, name));
  if (!place)
    throw new Error(`${app.slug} isn't installed on ${owner}/${name}. Install it there, or check the name.`);
  return { kind: "issue", ...place, number };
}

async function dry(subject: IssueSubject, ports: AdvancePorts): Promise<void> {
  const snapshot = await lookAt(subject, ports);
  if (!snapshot)
    return console.log(`${subject.owner}/${subject.name}#${subject.number} isn't an issue of the app's.`);
  const { phase, effects, again, why } = decide(snapshot, ports.clock());
  console.log(JSON.stringify({ snapshot, phase, effects, why, again }, null, 2));
}

/** Rings, and waits until the running app has looked. */
async function ring(
  subject: IssueSubject,
  bell: { ring(subject: IssueSubject): Promise<void> },
  home: QueueHome,
): Promise<void> {
  const events = new QueueEvents("advance", home);
  await events.waitUntilReady();
  const done = new Promise<string>((resolve) => {
    const issue = JSON.stringify(subjectKey(subject));
    events.on("completed", ({ returnvalue }) => {
      if (String(returnvalue).includes(issue)) resolve(String(returnvalue));
    });
    setTimeout(() => resolve(""), TIMEOUT_MS).unref();
  });
  await bell.ring(subject);
  const told = await done;
  await events.close();
  console.log(told || "It was rung, but nobody has looked for 30 s: is the app running on this Redis?");
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
