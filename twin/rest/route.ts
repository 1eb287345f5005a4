import { GitHubError, notFound } from "../errors.ts";
import type { Answer, Call, Route } from "../http.ts";
import type { App, Repository } from "../model.ts";
import { repositoryByName } from "../store.ts";
import { canSee, demand, lacking } from "../viewer.ts";
import type { Need, Viewer } from "../viewer.ts";

type Place = `${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} /${string}`;
type Run<Context> = (call: Context) => Answer | Promise<Answer>;
export type RepositoryCall = Call & { repository: Repository };
export type InstallationCall = Call & { viewer: Extract<Viewer, { kind: "installation" }> };

/** A route that anybody may ask. */
export function open(at: Place, run: Run<Call>): Route {
  const [method, pattern] = at.split(" ") as [string, string];
  return { method, pattern, run };
}

/** A route below `/repos/:owner/:repo`, with what GitHub demands for it. Acts demand it again, more exactly. */
export function ofRepository(at: Place, need: Need, run: Run<RepositoryCall>): Route {
  const [method, path] = at.split(" ") as [string, string];
  const place = `${method} /repos/:owner/:repo${path === "/" ? "" : path}` as Place;
  const route = open(place, (call) => {
    const repository = repositoryByName(call.world.state, call.params["owner"]!, call.params["repo"]!);
    if (!repository || !canSee(call.viewer, repository)) throw notFound();
    demand(call.viewer, repository, need);
    return run({ ...call, repository });
  });
  return { ...route, need };
}

/** A route for apps with a JWT alone. */
export function ofApp(at: Place, run: Run<Call & { app: App }>): Route {
  return open(at, (call) => {
    if (call.viewer.kind !== "app") throw new GitHubError(401, "A JSON web token could not be decoded");
    return run({ ...call, app: call.viewer.app });
  });
}

/** A route for installation tokens alone. */
export function ofInstallation(at: Place, run: Run<InstallationCall>): Route {
  return open(at, (call) => {
    const { viewer } = call;
    if (viewer.kind !== "installation") throw viewer.kind === "user" ? notAnApp() : lacking(viewer);
    return run({ ...call, viewer });
  });
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function created(body: unknown): Answer {
  return { status: 201, body };
}

export function noContent(): Answer {
  return { status: 204 };
}

/** Anything that is there, or 404. */
export function existing<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw notFound();
  return thing;
}

/** A number in the path; what isn't one isn't there. */
export function numberIn(call: Call, name: string): number {
  const text = call.params[name] ?? "";
  if (!/^\d+$/.test(text)) throw notFound();
  return Number(text);
}

/** One page of a list (`per_page` 30, at most 100), with GitHub's `Link` header. `wrap` puts it into an object. */
export function page<Item>(
  call: Call,
  items: readonly Item[],
  show: (item: Item) => unknown,
  wrap: (shown: unknown[], total: number) => unknown = (shown) => shown,
): Answer {
  const size = Math.min(100, Math.max(1, Number(call.query.get("per_page") ?? 30) || 30));
  const number = Math.max(1, Number(call.query.get("page") ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const shown = items.slice((number - 1) * size, number * size).map(show);
  const link = links(call, number, last);
  return { status: 200, headers: link ? { link } : {}, body: wrap(shown, items.length) };
}

function links(call: Call, number: number, last: number): string {
  const at = (target: number, name: string) => {
    const query = new URLSearchParams(call.query);
    query.set("page", String(target));
    return `<${call.world.urls.api}${call.path}?${query.toString()}>; rel="${name}"`;
  };
  const before = number > 1 ? [at(number - 1, "prev")] : [];
  const after = number < last ? [at(number + 1, "next"), at(last, "last")] : [];
  return [...before, ...after, ...(number > 1 ? [at(1, "first")] : [])].join(", ");
}

function notAnApp(): GitHubError {
  return new GitHubError(
    403,
    "You must authenticate with an installation access token in order to list repositories for an installation.",
  );
}
