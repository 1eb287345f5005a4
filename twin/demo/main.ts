import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";

import { Octokit } from "@octokit/rest";

import type { Cast } from "./cast.ts";
import { demandWhole, tellPlanStory } from "./plan/story.ts";
import { startStack } from "./stack.ts";
import type { Stack } from "./stack.ts";
import { tellStory } from "./story.ts";

const HELP = `npm run demo -- [--plan] [--keep] [--calls]
npm run dev

Starts a local GitHub, Redis, the gate, the app and an agent on this machine, and tells the story of one issue.
  --plan   tells another one: an issue that becomes a plan of five tasks, worked on in three waves
  --calls  lists every call that the app made of GitHub
  --keep   leaves all running at the end, and prints where to look
  --dev    no story; the app starts again when its code changes (this is npm run dev)
LLM_API_URL (an OpenAI-compatible address that ends in /v1), LLM_API_KEY and LLM_MODEL use a real model.
Ctrl-C leaves nothing behind.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      plan: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      calls: { type: "boolean", default: false },
      dev: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const began = Date.now();
  const seconds = (): string => `${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s`;
  const tell = (step: string): void => console.log(`${seconds()}  ${step}`);
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => interrupted.abort(new Error("interrupted")));
  tell("starting GitHub's twin, Redis, the gate, the app, a CI and a model");
  const stack = await startStack({
    tell,
    env: process.env,
    watch: values.dev,
    ...(values.plan ? { play: "plan", settings: { SWEEP_PLANS_SECONDS: "3" } } : {}),
  });
  try {
    tell(`started; the app listens at ${stack.webhooks}`);
    if (!values.dev) await run(stack, { tell, signal: interrupted.signal }, values);
    if (values.dev || values.keep) {
      printAddresses(stack);
      await new Promise((resolve) => interrupted.signal.addEventListener("abort", resolve));
    }
    return 0;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    console.error(`\n${error instanceof Error ? error.message : String(error)}\nThe end of the app's log:`);
    console.error((await promisify(execFile)("tail", ["-n", "25", stack.log])).stdout);
    return 1;
  } finally {
    await stack.stop();
  }
}

/** Tells the story, and what it cost. */
async function run(
  stack: Stack,
  { tell, signal }: Pick<Cast, "tell" | "signal">,
  { plan, calls: list }: { plan: boolean; calls: boolean },
): Promise<void> {
  const { twin, owner, repo, tokens } = stack;
  twin.calls.length = 0;
  const began = Date.now();
  const cast: Cast = { api: twin.world.urls.api, owner, repo, ...tokens, tell, signal };
  const { issue } = plan ? await wholePlan(cast) : await tellStory(cast);
  await testBase(stack);
  tell("the tests of the base branch pass");
  const calls = twin.calls.filter((call) => call.by === stack.slug);
  if (list)
    for (const call of calls)
      console.log(`${((call.at - began) / 1000).toFixed(1).padStart(6)} s  ${call.status} ${call.route}`);
  const count = (kind: string): number => calls.filter((call) => call.kind === kind).length;
  console.log(`
merged
  cost    ${calls.length} GitHub calls (${count("rest")} REST, ${count("graphql")} GraphQL, ${count("token")} tokens), ${await tokensOf(stack, issue)} model tokens, ${(performance.now() / 1000).toFixed(1)} s
  look at twin/demo/${plan ? "plan/" : ""}story.ts (what people did), docs/architecture.md (what the app did); npm run demo -- ${plan ? "--plan " : ""}--keep leaves it running`);
}

/** A real model may do everything right at once. */
async function wholePlan(cast: Cast): Promise<{ issue: number }> {
  const { issue, runs } = await tellPlanStory(cast);
  if (!process.env["LLM_API_URL"]) demandWhole(runs);
  return { issue };
}

/** Runs the sample's tests on the base branch, as it is now. */
async function testBase({ twin, owner, repo, tokens }: Stack): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "coxswain-base-"));
  const url = `${twin.world.urls.web}/${owner}/${repo}.git`;
  const header = `Authorization: Basic ${Buffer.from(`x:${tokens.maintainer}`).toString("base64")}`;
  const env = {
    ...process.env,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: header,
  };
  try {
    await promisify(execFile)("git", ["clone", "-q", url, folder], { env });
    await promisify(execFile)(process.execPath, ["--test"], { cwd: folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The tokens that the issue's status comment tells. */
async function tokensOf({ twin, owner, repo, tokens }: Stack, issue_number: number): Promise<string> {
  const octokit = new Octokit({ baseUrl: twin.world.urls.api, auth: tokens.maintainer });
  const { data } = await octokit.issues.listComments({ owner, repo, issue_number });
  return (
    /Tokens: ([\d,]+)/.exec(data.map((comment) => comment.body ?? "").join("\n"))?.[1] ??
    "an unknown number of"
  );
}

function printAddresses({ twin, owner, repo, tokens, webhooks, gate, dir, log }: Stack): void {
  console.log(`
  GitHub's API  ${twin.world.urls.api}   (${owner}/${repo})
  a maintainer  ${tokens.maintainer}
  a reader      ${tokens.reader}
  webhooks      ${webhooks}
  gate          ${gate}
  state         ${dir}
  the app's log ${log}
  look at an issue again, as the app would:
    env $(cat ${dir}/app.env) npm run -s advance -- ${owner}/${repo}#1 --dry
Ctrl-C ends it.`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
