/**
 * A scripted ACP agent for tests: `node agent.ts <script>`. A script that is a folder holds one file per branch
 * (`agent/12/login` is `agent-12-login.json`): the agent waits for its file, and takes it away, so that a test decides when the agent
 * goes on and what the next run of that branch does.
 */
import { execFile } from "node:child_process";
import { existsSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { agent, methods, ndJsonStream, PROTOCOL_VERSION } from "@agentclientprotocol/sdk";

import { Script } from "./script.ts";
import type { Place } from "./steps.ts";
import { perform } from "./steps.ts";

const source = process.argv[2];
if (!source) throw new Error("usage: node agent.ts <script file or folder>");

let tree = process.cwd();
let script: Promise<Script> | null = null;
let turn = 0;
let cancelling = new AbortController();

agent({ name: "scripted" })
  .onRequest(methods.agent.initialize, () => ({ protocolVersion: PROTOCOL_VERSION, agentCapabilities: {} }))
  .onRequest(methods.agent.session.new, ({ params }) => {
    tree = params.cwd;
    return { sessionId: "scripted" };
  })
  .onNotification(methods.agent.session.cancel, () => cancelling.abort())
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    cancelling = new AbortController();
    const prompt = params.prompt.map((block) => (block.type === "text" ? block.text : "")).join("\n");
    const place: Place = { tree, prompt, client, sessionId: params.sessionId, signal: cancelling.signal };
    script ??= scriptFor(tree, cancelling.signal);
    const steps = (await script.catch(() => null))?.turns[turn] ?? [];
    turn += 1;
    for (const step of steps) {
      if (cancelling.signal.aborted) break;
      const stopReason = await perform(step, place);
      if (stopReason) return { stopReason };
    }
    return { stopReason: cancelling.signal.aborted ? "cancelled" : "end_turn" };
  })
  .connect(
    ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>),
  );

async function scriptFor(tree: string, signal: AbortSignal): Promise<Script> {
  if (!source) throw new Error("no script");
  if (!statSync(source).isDirectory()) return Script.parse(JSON.parse(readFileSync(source, "utf8")));
  const { stdout } = await promisify(execFile)("git", ["branch", "--show-current"], { cwd: tree });
  const file = join(source, `${stdout.trim().replaceAll("/", "-")}.json`);
  while (!existsSync(file)) await sleep(50, undefined, { signal });
  const script = Script.parse(JSON.parse(readFileSync(file, "utf8")));
  renameSync(file, `${file}.taken`);
  return script;
}
