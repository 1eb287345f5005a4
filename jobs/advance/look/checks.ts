import type { Check } from "../decide/snapshot.ts";
import type { NodeOf } from "./pager.ts";
import { present } from "./pager.ts";
import { isOurs, plain } from "./words.ts";
import type { App } from "./words.ts";

type Run = Extract<NodeOf<"contexts">, { kind: "CheckRun" }>;
type Status = Extract<NodeOf<"contexts">, { kind: "StatusContext" }>;

/** How a check ends well: https://docs.github.com/en/rest/checks/runs (`conclusion`). */
const GOOD = new Set(["SUCCESS", "NEUTRAL", "SKIPPED"]);
/** Contexts are at most 255 characters long; a feedback item's id has 200, with the commit in it. */
const ID_CHARACTERS = 180;

/** The checks of a commit, but for this app's own. Of runs that were repeated the newest counts. `log` is still null. */
export function checks(nodes: NodeOf<"contexts">[], app: App): Check[] {
  const runs = nodes.filter((node) => node.kind === "CheckRun");
  const statuses = nodes.filter((node) => node.kind === "StatusContext");
  return [
    ...newest(runs.filter((run) => run.checkSuite.app?.slug !== app.slug)).map(checkRun),
    ...statuses.filter((status) => !isOurs(status.creator, app)).map(commitStatus),
  ];
}

/** A job that is run again leaves its former run in the same suite. */
function newest(runs: Run[]): Run[] {
  const kept = new Map<string, Run>();
  for (const run of runs) {
    const key = `${run.checkSuite.id} ${run.name}`;
    const other = kept.get(key);
    if (!other || (other.databaseId ?? 0) < (run.databaseId ?? 0)) kept.set(key, run);
  }
  return [...kept.values()];
}

function checkRun(node: Run): Check {
  if (node.databaseId === null)
    throw new Error(`GitHub answered with a check run without an id: ${node.name}.`);
  const ended = node.status === "COMPLETED";
  return {
    kind: "run",
    id: `cr${node.databaseId}`,
    name: node.name,
    app: node.checkSuite.app?.slug ?? "",
    ended,
    failed: ended && !GOOD.has(node.conclusion ?? ""),
    url: node.detailsUrl,
    output: output(node),
    annotations: present(node.annotations).map(({ path, location, message }) => ({
      path,
      line: location.start.line,
      message: plain(message),
    })),
  };
}

/** What the check says, as one text; at its end how many annotations were left out. */
function output({ title, summary, text, annotations }: Run): string {
  const left = (annotations?.totalCount ?? 0) - present(annotations).length;
  const parts = [title, summary, text, left > 0 ? `(${left} more annotations)` : null];
  return plain(parts.filter((part) => part?.trim()).join("\n\n"));
}

function commitStatus(node: Status): Check {
  return {
    kind: "status",
    id: `st:${node.context.slice(0, ID_CHARACTERS)}`,
    name: node.context,
    app: node.creator?.login ?? "",
    ended: node.state !== "PENDING" && node.state !== "EXPECTED",
    failed: node.state === "FAILURE" || node.state === "ERROR",
    url: node.targetUrl,
    output: plain(node.description ?? ""),
  };
}
