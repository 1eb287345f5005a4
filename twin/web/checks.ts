import { runsOn, stateOfCommit } from "../checkState.ts";
import type { StatusState } from "../checkState.ts";
import { mergeabilityOf } from "../mergeability.ts";
import type { CheckRun, Pull } from "../model.ts";
import { issueOfPull, statusesOf } from "../store.ts";
import type { Place } from "./address.ts";
import { markup } from "./markup.ts";
import type { Html } from "./markup.ts";

const headlines: Record<StatusState, Html> = {
  SUCCESS: markup`<h3 class="success">All checks have passed</h3>`,
  FAILURE: markup`<h3 class="failure">Some checks were not successful</h3>`,
  ERROR: markup`<h3 class="failure">Some checks were not successful</h3>`,
  PENDING: markup`<h3 class="pending">Some checks haven’t completed yet</h3>`,
};

/** Below an open pull request: its head's checks, and whether it can be merged. */
export async function mergeBox({ world, repository }: Place, pull: Pull): Promise<Html | null> {
  const { state } = world;
  if (issueOfPull(state, pull).state === "closed") return null;
  const overall = stateOfCommit(state, repository.id, pull.headSha);
  const runs = runsOn(state, repository.id, pull.headSha).map((run) =>
    row(run.name, resultOf(run), run.output.title),
  );
  const statuses = statusesOf(state, repository.id, pull.headSha).map((status) =>
    row(status.context, status.state, status.description),
  );
  const { mergeable } = await mergeabilityOf(world, pull);
  return markup`<section class="box"><div class="text">
${overall && headlines[overall]} ${runs} ${statuses}
<p>${merging(pull, mergeable)}</p>
</div></section>`;
}

function resultOf({ status, conclusion }: CheckRun): string {
  return (status === "completed" ? (conclusion ?? status) : status).replaceAll("_", " ");
}

const marks: Record<string, Html> = {
  success: markup`<span class="success">✓</span>`,
  failure: markup`<span class="failure">✗</span>`,
  error: markup`<span class="failure">✗</span>`,
  "timed out": markup`<span class="failure">✗</span>`,
  "in progress": markup`<span class="pending">●</span>`,
  queued: markup`<span class="pending">●</span>`,
  pending: markup`<span class="pending">●</span>`,
};

function row(name: string, result: string, title: string | null): Html {
  const mark = marks[result] ?? markup`<span class="quiet">◦</span>`;
  return markup`<div class="row">${mark} <b>${name}</b> <span class="quiet">${result}${title ? ` — ${title}` : null}</span></div>`;
}

function merging(pull: Pull, mergeable: boolean | null): string {
  if (pull.draft)
    return "This pull request is still a work in progress: draft pull requests cannot be merged.";
  if (mergeable === null) return "Checking for the ability to merge automatically…";
  return mergeable
    ? "This branch has no conflicts with the base branch."
    : "This branch has conflicts that must be resolved.";
}
