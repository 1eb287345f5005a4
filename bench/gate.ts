import { rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { join } from "node:path";

import { cloneIn } from "../agent-pod/gate/git/testing/clone.ts";
import { events, STREAM, USAGE } from "../agent-pod/gate/testing/model.ts";
import { openBehindGate } from "./behindGate.ts";
import type { BehindGate, Ways } from "./behindGate.ts";
import { median, quantile } from "./figure.ts";
import type { Figure } from "./figure.ts";

const MEGABYTE = 1_000_000;
const REPOSITORY_BYTES = 100 * MEGABYTE;
const CLONES = 5;
const ANSWERS = 300;
/** At the beginning connections are made, and code is compiled. */
const WARM = 30;
/** As long as what an agent sends is after some turns. */
const QUESTION = JSON.stringify({
  model: "scripted",
  stream: true,
  max_tokens: 1000,
  messages: Array.from({ length: 40 }, (_, at) => ({
    role: at % 2 ? "assistant" : "user",
    content: `${at}: ${"some words of code and talk, ".repeat(50)}`,
  })),
});
const CHUNK = {
  id: "c",
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta: { content: "Hello" } }],
};
const ANSWER = events(CHUNK, { ...CHUNK, choices: [], usage: USAGE }, "[DONE]");

/** What the gate costs beside a direct connection, in turns: the wait for a streamed answer's first byte, and a large clone. */
export async function gate(): Promise<Figure[]> {
  const behind = await openBehindGate(REPOSITORY_BYTES);
  try {
    return [...(await firstBytes(behind)), await cloning(behind)];
  } finally {
    await behind.close();
  }
}

async function firstBytes({ model, models, secrets }: BehindGate): Promise<Figure[]> {
  model.answer = (response) => void response.writeHead(200, STREAM).end(ANSWER);
  const agent = new Agent({ keepAlive: true });
  const ask = (way: keyof Ways) => firstByte(`${models[way]}/chat/completions`, secrets[way], agent);
  for (let at = 0; at < WARM; at++) await inTurns(at, ask);
  const took: Record<keyof Ways, number>[] = [];
  for (let at = 0; at < ANSWERS; at++) took.push(await inTurns(at, ask));
  agent.destroy();
  const added = took.map(({ direct, gate }) => gate - direct);
  const of = (part: number) =>
    quantile(
      took.map(({ direct }) => direct),
      part,
    ).toFixed(1);
  const unit = "ms";
  const goal = "≤ 5";
  const against = (part: number) =>
    `a direct connection: ${of(part)} ms; ${ANSWERS} streamed answers to ${Math.round(QUESTION.length / 1000)} kB each way, in turns, a model that doesn't think`;
  return [
    {
      figure: "gate: added to the first byte, median",
      value: median(added),
      unit,
      goal,
      against: against(0.5),
    },
    {
      figure: "gate: added to the first byte, p95",
      value: quantile(added, 0.95),
      unit,
      goal: "beside it",
      against: against(0.95),
    },
  ];
}

/** Milliseconds until the first byte of the answer's body. Throws where it isn't the whole answer. */
async function firstByte(url: string, secret: string, agent: Agent): Promise<number> {
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: "POST", headers, agent }, (answer) => {
      let first = Number.NaN;
      let said = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        if (said === "") first = performance.now() - begin;
        said += chunk;
      });
      answer.once("end", () =>
        answer.statusCode === 200 && said === ANSWER
          ? resolve(first)
          : reject(new Error(`${url} answered ${answer.statusCode}: ${said.slice(0, 300)}`)),
      );
    });
    asking.once("error", reject).end(QUESTION);
  });
}

async function cloning({ dir, clones, secrets }: BehindGate): Promise<Figure> {
  const clone = async (way: keyof Ways): Promise<number> => {
    const into = cloneIn(join(dir, "clone"), clones[way], secrets[way]);
    const begin = performance.now();
    await into.git("clone", "--quiet", "--no-checkout", "--single-branch", into.url, ".");
    const took = performance.now() - begin;
    const packed = await into.git("count-objects", "-v");
    const kilobytes = Number(/^size-pack: (\d+)$/m.exec(packed)?.[1] ?? 0);
    await rm(into.dir, { recursive: true });
    if (kilobytes * 1024 < REPOSITORY_BYTES) throw new Error(`A clone brought only ${kilobytes} kB.`);
    return took;
  };
  await inTurns(0, clone);
  const took: Record<keyof Ways, number>[] = [];
  for (let at = 0; at < CLONES; at++) took.push(await inTurns(at, clone));
  const rate = (way: keyof Ways) => median(took.map((each) => REPOSITORY_BYTES / each[way] / 1000));
  return {
    figure: "gate: clone of 100 MB",
    value: median(took.map(({ direct, gate }) => direct / gate)),
    unit: "of its rate",
    goal: "≥ 0.9",
    against: `a direct clone: ${rate("direct").toFixed(0)} MB/s, through the gate ${rate("gate").toFixed(0)}; ${CLONES} each, in turns, from git http-backend on this machine, without checking out`,
  };
}

/** Both ways one after the other; who is first changes each time. */
async function inTurns(
  at: number,
  go: (way: keyof Ways) => Promise<number>,
): Promise<Record<keyof Ways, number>> {
  if (at % 2) {
    const gate = await go("gate");
    return { gate, direct: await go("direct") };
  }
  const direct = await go("direct");
  return { direct, gate: await go("gate") };
}
