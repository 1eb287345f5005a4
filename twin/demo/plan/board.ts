import { setTimeout as sleep } from "node:timers/promises";

import type { Begun, Cast } from "../cast.ts";

/** What the issue's status comment shows of a plan's tasks and of the runs. */
export interface Board {
  tasks: { id: string; pull: string; state: string }[];
  runs: { what: string; attempt: string; result: string }[];
}

const LOOK_MS = 500;

/** Tells what the status comment shows, as it changes: who is at work, what failed, what was merged. */
export function watchBoard(cast: Cast, begun: Begun): { now(): Board; stop(): void } {
  const stopped = new AbortController();
  let board: Board = { tasks: [], runs: [] };
  void (async () => {
    while (!stopped.signal.aborted && !cast.signal.aborted) {
      const body = await statusOf(begun).catch(() => null);
      const now = body === null ? board : readBoard(body);
      for (const step of changes(board, now)) cast.tell(step);
      board = now;
      await sleep(LOOK_MS);
    }
  })();
  return { now: () => board, stop: () => stopped.abort() };
}

/** The issue's comments. */
export async function commentsOf({ maintainer, at, issue }: Begun): Promise<{ id: number; body: string }[]> {
  const { data } = await maintainer.issues.listComments({ ...at, issue_number: issue.number });
  return data.map(({ id, body }) => ({ id, body: body ?? "" }));
}

async function statusOf(begun: Begun): Promise<string | null> {
  return (await commentsOf(begun)).find(({ body }) => /^- Tokens: /m.test(body))?.body ?? null;
}

function readBoard(body: string): Board {
  const tasks = [...body.matchAll(/^- \*\*([\w-]+)\*\*(?: \((#\d+)\))? .*<br><sub>([\w ]+)/gm)];
  const runs = [...body.matchAll(/^\| ([\w -]+) \| (\d+) \| (.*) \| [\d,]+ \|$/gm)];
  return {
    tasks: tasks.map(([, id = "", pull = "", state = ""]) => ({ id, pull, state })),
    runs: runs.map(([, what = "", attempt = "", result = ""]) => ({ what, attempt, result })),
  };
}

function changes(before: Board, now: Board): string[] {
  const resultOf = (board: Board, run: Board["runs"][number]) =>
    board.runs.find((each) => each.what === run.what && each.attempt === run.attempt)?.result;
  const changed = now.runs.filter((run) => run.what !== "plan" && resultOf(before, run) !== run.result);
  const isAtWork = ({ result }: { result: string }) => result === "at work";
  const ended = changed.filter((run) => !isAtWork(run));
  const begun = changed.filter(isAtWork).map(({ what }) => what);
  const atWork = now.runs.filter(isAtWork).map(({ what }) => what);
  const merged = now.tasks.filter(
    ({ id, state }) => state === "merged" && before.tasks.find((each) => each.id === id)?.state !== "merged",
  );
  return [
    // Of a failure its first sentence.
    ...ended.map(({ what, result }) => `  ${what}: ${result.split(". ")[0]}`),
    ...merged.map(({ id, pull }) => `  ${id}: ${pull} is merged into the root branch`),
    ...(begun.length === 0
      ? []
      : [`agents begin to ${begun.map(inWords).join(", to ")}; at work now: ${atWork.length}`]),
  ];
}

const inWords = (what: string): string =>
  what.replace(/^resolve (.*)/, "resolve the conflict of $1 with what was merged meanwhile");
