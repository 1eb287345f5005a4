import type { IncomingMessage, ServerResponse } from "node:http";
import type { z } from "zod";
import { GitHubError } from "./errors.ts";
import type { Need, Viewer } from "./viewer.ts";
import type { World } from "./world.ts";

/** One request to a route. */
export interface Call {
  world: World;
  viewer: Viewer;
  /** The path's named parts, decoded. */
  params: Readonly<Record<string, string>>;
  path: string;
  query: URLSearchParams;
  /** The `Accept` header: some routes give more than one form. */
  accept: string;
  /** The parsed JSON, or undefined where there is no body. */
  body: unknown;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** JSON; undefined: no body. A string goes out as plain text, bytes as they are. */
  body?: unknown;
}

/** What answers one method at one pattern: `:name` is one part of the path, `:name*` the rest of it. */
export interface Route {
  method: string;
  pattern: string;
  /** What the route demands of the viewer, where it does. */
  need?: Need;
  run: (call: Call) => Answer | Promise<Answer>;
}

export interface Found {
  route: Route;
  params: Record<string, string>;
}

/** Compiles routes into one function from a request to its route; earlier ones win. */
export function router(routes: readonly Route[]): (method: string, path: string) => Found | undefined {
  const compiled = routes.map((route) => ({ route, ...compile(route.pattern) }));
  return (method, path) => {
    for (const { route, expression, names } of compiled) {
      const match = route.method === method ? expression.exec(path) : null;
      if (!match) continue;
      const params = Object.fromEntries(names.map((name, index) => [name, decoded(match[index + 1]!)]));
      return { route, params };
    }
    return undefined;
  };
}

function compile(pattern: string): { expression: RegExp; names: string[] } {
  const names: string[] = [];
  const source = pattern
    .replace(/[.+?()[\]{}|\\^$]/g, String.raw`\$&`)
    .replace(/:(\w+)(\*?)/g, (_, name: string, rest: string) => {
      names.push(name);
      return rest ? "(.+)" : "([^/]+)";
    });
  return { expression: new RegExp(`^${source}/?$`), names };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new GitHubError(404, "Not Found");
  }
}

/**
 * Reads a body by its schema.
 *
 * @throws GitHubError 422 that names the first property at fault, worded as GitHub does
 */
export function take<Schema extends z.ZodType>(call: Call, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(call.body ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.length ? `For 'properties/${issue.path.join("/")}', ` : "";
  throw new GitHubError(422, `Invalid request.\n\n${where}${issue?.message ?? "the body is invalid"}.`);
}

/** The most that a request may bring, in bytes: a file of 100 MB in base64 is refused by GitHub too. */
const largestBody = 40 * 1024 * 1024;

/** Reads a request's body. @throws GitHubError 400 for what isn't JSON, 413 for too much */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new GitHubError(413, "Payload too large");
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new GitHubError(400, "Problems parsing JSON");
  }
}

/** Writes an answer. */
export function reply(response: ServerResponse, { status, headers = {}, body }: Answer): void {
  const plain = typeof body === "string" || Buffer.isBuffer(body);
  const type = plain ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  response.writeHead(status, { ...(body === undefined ? {} : { "content-type": type }), ...headers });
  response.end(body === undefined || plain ? body : JSON.stringify(body));
}

/** The answer to a refusal. @throws what is no refusal */
export function refusalAnswer(error: unknown): Answer {
  if (!(error instanceof GitHubError)) throw error;
  const { status, message, errors } = error;
  const documentation_url = "https://docs.github.com/rest";
  return {
    status,
    body: { message, ...(errors ? { errors } : {}), documentation_url, status: String(status) },
  };
}
