import { execFile } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { AgentContext, StopReason } from "@agentclientprotocol/sdk";
import { methods, RequestError } from "@agentclientprotocol/sdk";

import type { Step } from "./script.ts";
import { reportMessage } from "./script.ts";

/** Where the scripted agent does its steps. */
export interface Place {
  tree: string;
  prompt: string;
  client: AgentContext;
  sessionId: string;
  signal: AbortSignal;
}

let calls = 0;

/** Does one step; a stop reason ends the turn. */
export async function perform(step: Step, place: Place): Promise<StopReason | null> {
  if ("write" in step) write(resolve(place.tree, step.write), step.text);
  else if ("remove" in step) rmSync(resolve(place.tree, step.remove), { recursive: true });
  else if ("shell" in step) await shell(step.shell, place);
  else if ("commit" in step) await bash(`git add -A && git commit -q -m ${quoted(step.commit)}`, place.tree);
  else if ("say" in step) await say(step.say, place);
  else if ("report" in step) await say(reportMessage(step.report), place);
  else if ("waitMs" in step) await sleep(step.waitMs, undefined, { signal: place.signal }).catch(() => {});
  else if ("waitForFile" in step)
    while (!existsSync(step.waitForFile) && !place.signal.aborted) await sleep(50);
  else if ("hang" in step) await new Promise(() => setInterval(() => {}, 60_000));
  else if ("exit" in step) await exit(step.exit, step.stderr);
  else if ("crash" in step) process.kill(process.pid, "SIGKILL");
  else if ("floodBytes" in step) await flood(step.floodBytes, place);
  else if ("floodStderrBytes" in step) process.stderr.write("e".repeat(step.floodStderrBytes));
  else if ("noise" in step) process.stdout.write(step.noise);
  else if ("permission" in step) await askLeave(step.permission, place);
  else if ("push" in step) await say(await push(step, place), place);
  else if ("refuse" in step) return "refusal";
  else if ("error" in step) throw new RequestError(-32_000, step.error);
  else if ("askModel" in step) await say(await askModel(step.askModel), place);
  else write(resolve(place.tree, step.savePrompt), place.prompt);
  return null;
}

function exit(code: number, words: string): Promise<never> {
  return new Promise(() => process.stderr.write(`${words}\n`, () => process.exit(code)));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function say(text: string, { client, sessionId }: Place): Promise<void> {
  calls += 1;
  await client.notify(methods.client.session.update, {
    sessionId,
    update: { sessionUpdate: "agent_message_chunk", messageId: `m${calls}`, content: { type: "text", text } },
  });
}

async function shell(script: string, place: Place): Promise<void> {
  calls += 1;
  const toolCallId = `t${calls}`;
  const { client, sessionId } = place;
  const update = (status: "in_progress" | "completed"): Promise<void> =>
    client.notify(methods.client.session.update, {
      sessionId,
      update: { sessionUpdate: "tool_call", toolCallId, title: script, kind: "execute", status },
    });
  await update("in_progress");
  const output = await bash(script, place.tree);
  await update("completed");
  await say(output, place);
}

function bash(script: string, cwd: string): Promise<string> {
  return new Promise((done) => {
    execFile("bash", ["-c", script], { cwd }, (error, stdout, stderr) => {
      done(`${stdout}${stderr}(exit code ${error ? String(error.code) : 0})`);
    });
  });
}

async function flood(bytes: number, place: Place): Promise<void> {
  const chunk = "all work and no play ".repeat(200);
  for (let sent = 0; sent < bytes && !place.signal.aborted; sent += chunk.length) await say(chunk, place);
}

async function askLeave(title: string, place: Place): Promise<void> {
  const answer = await place.client.request(methods.client.session.requestPermission, {
    sessionId: place.sessionId,
    toolCall: { toolCallId: "permission", title },
    options: [
      { optionId: "no", name: "No", kind: "reject_once" },
      { optionId: "yes", name: "Yes", kind: "allow_once" },
    ],
  });
  await say(`permission: ${JSON.stringify(answer.outcome)}`, place);
}

function push(step: { push: string; force: boolean }, place: Place): Promise<string> {
  const basic = Buffer.from(`x:${process.env["LLM_API_KEY"] ?? ""}`).toString("base64");
  const header = quoted(`http.extraHeader=Authorization: Basic ${basic}`);
  return bash(`git -c ${header} push ${step.force ? "--force " : ""}origin ${quoted(step.push)}`, place.tree);
}

async function askModel(content: string): Promise<string> {
  const response = await fetch(`${process.env["LLM_BASE_URL"] ?? ""}/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${process.env["LLM_API_KEY"] ?? ""}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ model: process.env["LLM_MODEL"], messages: [{ role: "user", content }] }),
  });
  const text = await response.text();
  if (!response.ok) throw new RequestError(-32_000, `The model answered ${response.status}: ${text}`);
  return text;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
