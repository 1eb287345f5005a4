import * as http from "node:http";
import * as https from "node:https";

import type { KubeConfig } from "@kubernetes/client-node";

import { CONTAINER } from "../manifest.ts";

/** Which part of a pod's log. */
export interface LogPart {
  /** Also what is yet to come, until the container ends. */
  follow: boolean;
  /** Whole seconds are all that the API knows. */
  since: Date | null;
}

/** The API's answer where there is no log: the pod is gone, or its container hasn't begun. */
export class NoLog extends Error {
  override readonly name = "NoLog";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * A pod's log as it comes, each line with its time before it. It may be silent for any length of time, which the client's
 * own way of reading logs isn't made for: it ends after five minutes. Throws `NoLog`, and whatever cuts the connection.
 */
export async function* readLog(
  config: KubeConfig,
  { namespace, pod }: { namespace: string; pod: string },
  { follow, since }: LogPart,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const url = new URL(`${config.getCurrentCluster()?.server}/api/v1/namespaces/${namespace}/pods/${pod}/log`);
  url.search = String(
    new URLSearchParams({
      container: CONTAINER,
      timestamps: "true",
      follow: String(follow),
      ...(since ? { sinceTime: `${since.toISOString().slice(0, 19)}Z` } : {}),
    }),
  );
  const options: https.RequestOptions = { signal };
  await config.applyToHTTPSOptions(options);
  const response = await get(url, options);
  if (response.statusCode !== 200) throw new NoLog(response.statusCode ?? 0, await textOf(response));
  for await (const chunk of response) yield chunk as Buffer;
}

function get(url: URL, options: https.RequestOptions): Promise<http.IncomingMessage> {
  const { request } = url.protocol === "http:" ? http : https;
  return new Promise((resolve, reject) => {
    request(url, options, resolve).on("error", reject).end();
  });
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8").slice(0, 1000);
}
