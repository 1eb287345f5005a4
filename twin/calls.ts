import { never } from "./errors.ts";
import type { Viewer } from "./viewer.ts";

/** One request to the API, as a bill would list it. */
export interface ApiCall {
  kind: "rest" | "graphql" | "token";
  method: string;
  /** The route's pattern, such as `GET /repos/:owner/:repo/issues`; `POST /graphql`. */
  route: string;
  /** An app's slug, a person's login, or "anonymous". */
  by: string;
  status: number;
  /** Milliseconds since 1970. */
  at: number;
}

/** Who the caller is, on the bill. */
export function callerName(viewer: Viewer): string {
  switch (viewer.kind) {
    case "anonymous":
      return "anonymous";
    case "user":
      return viewer.account.login;
    case "app":
    case "installation":
      return viewer.app.slug;
    default:
      return never(viewer);
  }
}
