import type { Octokit } from "@octokit/rest";
import { setTimeout as sleep } from "node:timers/promises";

import { begin, phaseOf, until, watchPhases } from "../cast.ts";
import type { At, Begun, Cast } from "../cast.ts";
import { merge } from "../story.ts";
import { commentsOf, watchBoard } from "./board.ts";
import type { Board } from "./board.ts";
import { EDIT, ISSUE } from "./words.ts";

/** All of the tasks together. */
const TASKS_MS = 600_000;
/** GitHub's times are in whole seconds: an approval in the second of the edit may be older than that. */
const SECOND_MS = 1100;

/**
 * The story of a plan: an issue becomes tasks, a maintainer changes one and approves, agents work on them in waves, what
 * fails is tried again when a person says so, what conflicts is resolved, a person merges. Throws, with what was waited
 * for, when it doesn't go on.
 *
 * @returns the issue, and the runs as the status comment tells of them in the end.
 */
export async function tellPlanStory(cast: Cast): Promise<{ issue: number; runs: Board["runs"] }> {
  const begun = await begin(cast, ISSUE);
  const phases = watchPhases(cast, begun.maintainer, begun.issue.number);
  try {
    await approve(cast, begun);
    const board = watchBoard(cast, begun);
    try {
      const root = await workedOn(cast, begun, board.now);
      await merge(cast, begun.maintainer, begun.issue.number, root);
      await until(cast, "the tasks' branches to be deleted", () => isTidy(begun));
      cast.tell("the issue is closed, the branches deleted");
      return { issue: begun.issue.number, runs: board.now().runs };
    } finally {
      board.stop();
    }
  } finally {
    phases.stop();
  }
}

/** Throws unless a task failed and was done when it was tried again, and an agent resolved a conflict: the script's story. */
export function demandWhole(runs: Board["runs"]): void {
  const done = (run: Board["runs"][number]) => run.result === "done";
  if (!runs.some((run) => run.what.startsWith("implement ") && run.attempt === "2" && done(run)))
    throw new Error("No task was tried again and done.");
  if (!runs.some((run) => run.what.startsWith("resolve ") && done(run)))
    throw new Error("No agent resolved a conflict.");
}

/** The plan stands, a maintainer changes one of its tasks, and approves it. */
async function approve(cast: Cast, begun: Begun): Promise<void> {
  const { maintainer, at } = begun;
  const plan = await until(cast, "a plan", () => planComment(begun));
  cast.tell(`the plan stands on the issue: ${/(\d+ tasks in \d+ waves)/.exec(plan.body)?.[1]}`);
  for (const [, id, task, more] of plan.body.matchAll(/^- \[ \] \*\*(.*)\*\*: (.*)<br><sub>(.*)<\/sub>$/gm))
    cast.tell(`  ${id}: ${task} (${more})`);
  const changes = Object.values(EDIT);
  const yaml = plan.body.indexOf("The plan as YAML");
  const edited = changes.reduce((text, { from, to }) => text.replace(from, to), plan.body.slice(yaml));
  if (edited !== plan.body.slice(yaml)) {
    const body = plan.body.slice(0, yaml) + edited;
    await maintainer.issues.updateComment({ ...at, comment_id: plan.id, body });
    for (const { from, to } of changes) cast.tell(`the maintainer edits its YAML: “${from}” → “${to}”`);
    const shown = async () => (await planComment(begun))?.body.slice(0, yaml).includes(EDIT.title.to);
    await until(cast, "the edit in the plan's checklist", shown);
    await sleep(SECOND_MS);
  }
  await maintainer.reactions.createForIssueComment({ ...at, comment_id: plan.id, content: "+1" });
  cast.tell("the maintainer gives the plan a 👍");
  const approved = async () => (await planComment(begun))?.body.includes("approved by");
  await until(cast, "the plan to be approved", approved);
}

async function planComment(begun: Begun): Promise<{ id: number; body: string } | undefined> {
  return (await commentsOf(begun)).find(({ body }) => body.includes("The plan as YAML"));
}

/** The tasks are worked on; the maintainer says to try again what failed. The root pull request, once it is ready. */
async function workedOn(
  cast: Cast,
  begun: Begun,
  board: () => Board,
): Promise<{ number: number; head: { sha: string; ref: string } }> {
  const { maintainer, at, issue } = begun;
  const told = new Set<string>();
  const once = (step: string): void => {
    if (!told.has(step)) cast.tell(step);
    told.add(step);
  };
  const retried = new Set<string>();
  const ready = async () => {
    const failed = board().tasks.find(({ id, state }) => state === "blocked" && !retried.has(id));
    if (failed) {
      retried.add(failed.id);
      const body = `/agent retry ${failed.id}`;
      await maintainer.issues.createComment({ ...at, issue_number: issue.number, body });
      cast.tell(`the maintainer comments “${body}”`);
    }
    const root = await rootPull(maintainer, at, issue.number);
    if (!root) return undefined;
    once(`pull request #${root.number} to ${root.base.ref}, a draft: “${root.title}”`);
    return !root.draft && (await phaseOf(maintainer, at, issue.number)) === "in review" && root;
  };
  const root = await until(cast, "the root pull request to be ready", ready, {
    ms: TASKS_MS,
    mayBlock: true,
  });
  cast.tell(
    `pull request #${root.number} is ready: all tasks are merged into ${root.head.ref}, and its checks pass`,
  );
  return root;
}

async function rootPull(octokit: Octokit, at: At, issue: number) {
  const { data } = await octokit.pulls.list({ ...at, state: "open" });
  return data.find((each) => each.head.ref === `agent/${issue}/root`);
}

async function isTidy({ maintainer, at }: Begun): Promise<boolean> {
  const { data } = await maintainer.repos.listBranches(at);
  return !data.some(({ name }) => name.startsWith("agent/"));
}
