import { once } from "node:events";
import { Agent, request } from "node:http";
import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

/** One request that is sent again and again. */
export interface Shot {
  body: string;
  headers: Record<string, string>;
}

interface Order {
  url: string;
  shots: Shot[];
  perSecond: number;
  seconds: number;
}

/**
 * Sends `perSecond` requests a second, evenly spaced, whether or not earlier ones were answered, from a thread of its own;
 * returns their times in ms, sorted. autocannon can't: it sends each second's share at once, and then measures its own queue.
 */
export async function paced(order: Order): Promise<number[]> {
  const worker = new Worker(new URL(import.meta.url), { workerData: order });
  const [took] = (await once(worker, "message")) as [number[]];
  await worker.terminate();
  return took.toSorted((a, b) => a - b);
}

async function send({ url, shots, perSecond, seconds }: Order): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const begin = performance.now();
  const times = await Promise.all(
    Array.from({ length: perSecond * seconds }, async (_, at) => {
      await sleep(Math.max(0, (at * 1000) / perSecond - (performance.now() - begin)));
      return shoot(url, shots[at % shots.length]!, agent);
    }),
  );
  agent.destroy();
  return times;
}

async function shoot(url: string, { body, headers }: Shot, agent: Agent): Promise<number> {
  const sent = performance.now();
  const outgoing = request(url, { method: "POST", headers, agent });
  outgoing.end(body);
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  answer.resume();
  await once(answer, "end");
  if (answer.statusCode !== 200) throw new Error(`A webhook was answered with ${answer.statusCode}.`);
  return performance.now() - sent;
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
if (!isMainThread) parentPort?.postMessage(await send(workerData as Order));
