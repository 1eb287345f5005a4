/**
 * Drives `npm run twin` and `npm start`, two processes, from outside: it knows them by their command lines, and GitHub by
 * plain Octokit; it imports nothing of the project. A label becomes a pull request, a review comment becomes a fix and
 * an answer, and a person merges. Prints a line a step; exits 0 only if all came true and no process lives on.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { LLMock } from "@copilotkit/aimock";
import type { ChatCompletionRequest } from "@copilotkit/aimock";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const PATIENCE_MS = 210_000;

const ISSUE = { title: "The README doesn't say how to make tea", body: "A guest asked me for the recipe." };
const COMPLAINT = "Please say for how long it draws.";
const ANSWER = "Right: four minutes. The line says so now.";
const FIRST = "Pour boiling water on the leaves.";
const MENDED = "Pour boiling water on the leaves and wait four minutes.";

/** What `npm run twin` prints. */
interface Twin {
  api: string;
  web: string;
  appId: number;
  privateKeyPath: string;
  webhookSecret: string;
  tokens: { admin: string; maintainer: string };
  repository: string;
}

const interrupted = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const)
  process.once(name, () => interrupted.abort(new Error("interrupted")));
const signal = AbortSignal.any([interrupted.signal, AbortSignal.timeout(PATIENCE_MS)]);

const began = Date.now();
const tell = (step: string): void =>
  console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${step}`);

async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "drive-"));
  // Agents run as users of their own, and have to get to their folders below this one.
  chmodSync(dir, 0o711);
  const ends: (() => Promise<unknown>)[] = [];
  try {
    const twin = await startTwin(join(dir, "github"), ends);
    tell(`npm run twin: ${twin.api}`);
    const model = await startModel(ends);
    const webhooks = await startApp(join(dir, "app"), twin, model, ends);
    tell(`npm start: ${webhooks}`);
    await live(twin, webhooks);
  } finally {
    for (const end of ends.toReversed()) await end();
    const left = processesOf(dir);
    for (const { pid } of left) process.kill(pid, "SIGKILL");
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    // After a failure these can be an agent, and the gate and Redis that the app leaves to it; after success there are none.
    if (left.length > 0) {
      process.exitCode = 1;
      console.error(`These lived on:\n${left.map(({ command }) => `  ${command}`).join("\n")}`);
    }
  }
}

/** The story itself, as people live it. */
async function live(twin: Twin, webhooks: string): Promise<void> {
  const [owner = "", repo = ""] = twin.repository.split("/");
  const at = { owner, repo };
  const admin = new Octokit({ baseUrl: twin.api, auth: twin.tokens.admin });
  const { rest: maintainer } = new Octokit({ baseUrl: twin.api, auth: twin.tokens.maintainer });
  const auth = { appId: twin.appId, privateKey: readFileSync(twin.privateKeyPath, "utf8") };
  const app = new Octokit({ baseUrl: twin.api, authStrategy: createAppAuth, auth });
  // Outside `data`, Octokit takes `url` for the request's own address.
  await app.request("PATCH /app/hook/config", { data: { url: webhooks } });
  const content = Buffer.from("quiet: 1s\ngrace: 1s\n").toString("base64");
  const settings = { path: ".github/coxswain.yml", message: "Don't wait for long", content };
  await admin.repos.createOrUpdateFileContents({ ...at, ...settings });

  const { data: issue } = await maintainer.issues.create({ ...at, ...ISSUE });
  await maintainer.issues.addLabels({ ...at, issue_number: issue.number, labels: ["agent"] });
  tell(`issue #${issue.number} is labelled`);
  const phaseIs = async (phase: string): Promise<boolean> => {
    const { data } = await maintainer.issues.listLabelsOnIssue({ ...at, issue_number: issue.number });
    const names = data.map((label) => label.name);
    if (names.includes("agent: blocked")) throw new Error("The issue is blocked.");
    return names.includes(`agent: ${phase}`);
  };

  const pull = await until("a pull request", async () => {
    const { data } = await maintainer.pulls.list({ ...at, state: "open" });
    return data.find((each) => each.body?.includes(`Closes #${issue.number}`));
  });
  const on = { ...at, pull_number: pull.number };
  tell(`pull request #${pull.number}: “${pull.title}”`);
  await until("the review", () => phaseIs("in review"));

  const line = { path: "README.md", line: 3, side: "RIGHT" as const, commit_id: pull.head.sha };
  const { data: comment } = await maintainer.pulls.createReviewComment({ ...on, ...line, body: COMPLAINT });
  tell("the maintainer comments on a line");
  await until("an answer in the thread", async () => {
    const { data } = await maintainer.pulls.listReviewComments(on);
    return data.some((each) => each.in_reply_to_id === comment.id && each.body.includes(ANSWER));
  });
  const { data: mended } = await maintainer.pulls.get(on);
  if (mended.head.sha === pull.head.sha) throw new Error("It answered without a new commit.");
  await until("the review of the fix", () => phaseIs("in review"));
  tell("the agent has mended it, and answered");

  await maintainer.pulls.merge({ ...on, merge_method: "squash" });
  tell("the maintainer merges");
  await until("the phase done", () => phaseIs("done"));
  const { data: file } = await maintainer.repos.getReadme(at);
  const readme = Buffer.from(file.content, "base64").toString();
  if (!readme.includes(MENDED)) throw new Error(`The base branch lacks the fix:\n${readme}`);
  const { data: closed } = await maintainer.issues.get({ ...at, issue_number: issue.number });
  if (closed.state !== "closed") throw new Error("The issue is still open.");
}

async function until<T>(what: string, seen: () => Promise<T | undefined | false>): Promise<T> {
  while (!signal.aborted) {
    const found = await seen();
    if (found) return found;
    await sleep(250);
  }
  throw new Error(`It waited for ${what}, in vain.`, { cause: signal.reason });
}

type Ends = (() => Promise<unknown>)[];

async function startTwin(dir: string, ends: Ends): Promise<Twin> {
  const said = await startNpm(["run", "-s", "twin", "--", "--port", "0", "--dir", dir], {}, '{"web":', ends);
  return JSON.parse(said) as Twin;
}

/** Gives the address of its webhooks. */
async function startApp(dir: string, twin: Twin, model: string, ends: Ends): Promise<string> {
  const env = {
    APP_ID: String(twin.appId),
    PRIVATE_KEY_PATH: twin.privateKeyPath,
    WEBHOOK_SECRET: twin.webhookSecret,
    GITHUB_API_URL: twin.api,
    GITHUB_SERVER_URL: twin.web,
    LLM_API_URL: model,
    LLM_API_KEY: "scripted",
    LLM_MODEL: "scripted",
    COXSWAIN_DIR: dir,
    PORT: "0",
  };
  const said = await startNpm(["start"], env, '{"webhooks":', ends);
  return (JSON.parse(said) as { webhooks: string }).webhooks;
}

/** Runs npm in a process group of its own, and gives the first line that begins with `announces`. */
async function startNpm(
  args: string[],
  settings: Record<string, string>,
  announces: string,
  ends: Ends,
): Promise<string> {
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], ...settings };
  const child = spawn("npm", args, { cwd: PROJECT, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  ends.push(() => end(child));
  const said: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
  return new Promise((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new Error(`npm ${args.join(" ")}: ${why}\n${said.slice(-12).join("\n")}`));
    createInterface({ input: child.stdout }).on("line", (line) => {
      said.push(line);
      if (line.startsWith(announces)) resolve(line);
    });
    child.once("close", (code) => fail(`it ended (${code})`));
    signal.addEventListener("abort", () => fail("it was waited for in vain"), { once: true });
  });
}

/** Ends npm and what it runs, as Ctrl-C does; a child has closed when nothing holds its output any more. */
async function end(child: ChildProcess): Promise<void> {
  if (child.stdout?.closed) return;
  const closed = once(child, "close");
  process.kill(-child.pid!, "SIGTERM");
  await closed;
}

/** What still runs and was told of the folder, by its arguments or its environment. */
function processesOf(dir: string): { pid: number; command: string }[] {
  const read = (path: string): string => {
    try {
      return readFileSync(path, "utf8").replaceAll("\0", " ");
    } catch {
      return ""; // it has ended meanwhile
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({
      pid: Number(pid),
      command: read(`/proc/${pid}/cmdline`),
      env: read(`/proc/${pid}/environ`),
    }))
    .filter(({ command, env }) => `${command} ${env}`.includes(dir));
}

/** A model that does nothing useful unless it is told what it must be told. Gives its address. */
async function startModel(ends: Ends): Promise<string> {
  const mock = new LLMock({ port: 0, logLevel: "silent" });
  mock.on({ predicate: () => true }, reply);
  await mock.start();
  ends.push(() => mock.stop());
  return `${mock.url}/v1`;
}

function reply(request: ChatCompletionRequest) {
  const asked = request.messages.findLastIndex((message) => message.role === "user");
  const prompt = JSON.stringify(request.messages[asked]?.content ?? "");
  if (!prompt.includes(ISSUE.title)) return { content: "I was not told what the issue is." };
  if (request.tools?.some((tool) => tool.function.name === "answer")) {
    const task = { id: "tea", title: "Say how to make tea", body: "Add a line to README.md." };
    return call("answer", { kind: "simple", task });
  }
  // The brief's heading of a piece of feedback is its id.
  const id = /### ([^:]+):(?:(?!###).)*Please say for how long it draws/.exec(prompt)?.[1];
  const mended = request.messages.slice(asked + 1).some((message) => message.role === "tool");
  if (!mended) {
    const command = id ? `sed -i 's/^Pour.*/${MENDED}/' README.md` : `printf '\\n${FIRST}\\n' >> README.md`;
    return call("bash", { command, description: "Work on the task" });
  }
  const report = {
    title: "Say how to make tea",
    what: "README.md says how.",
    why: "A guest asked.",
    tested: "Read it.",
    answers: id ? { [id]: ANSWER } : {},
  };
  return { content: `Done.\n\n\`\`\`json\n${JSON.stringify(report)}\n\`\`\`` };
}

const call = (name: string, input: object) => ({ toolCalls: [{ name, arguments: JSON.stringify(input) }] });

await main().then(
  () => process.exitCode ?? tell("done"),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
