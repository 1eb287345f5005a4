import { noChecksWords } from "../../../app/words/says.ts";
import { pullBody, pullTitle } from "../../../app/words/pull.ts";
import type { Work } from "../../../app/words/pull.ts";
import { repliedTo } from "./commandEffects.ts";
import { FRESH_MS } from "./fresh.ts";
import type { Effect } from "./effects.ts";
import type { Next } from "./next.ts";
import type { Snapshot } from "./snapshot.ts";
import type { State } from "./state.ts";
import { wanted } from "./wanted.ts";

/** What is to be done about the pull request: opened, shown to a person, or cleaned up after. */
export function pullEffects(s: Snapshot, state: State, then: Next, now: Date): Effect[] {
  switch (then.kind) {
    case "open": {
      const work = workOf(s, state);
      const { number } = s.issue;
      const base = s.repository.base?.branch;
      return base
        ? [
            {
              kind: "openPull",
              branch: then.branch,
              base,
              title: pullTitle(work, number),
              body: pullBody(work, number),
            },
          ]
        : [];
    }
    case "review":
      return review(s, state, then, now);
    case "done": {
      const merged = s.pulls.filter((pull) => pull.state === "merged").map((pull) => pull.branch);
      return merged
        .filter((branch) => s.branches[branch])
        .map((branch) => ({ kind: "deleteBranch", branch }));
    }
    case "blocked":
    case "run":
    case "running":
    case "stopped":
    case "wait":
      return [];
  }
}

/** What the agent said of its work; the task's own words where that is lost. */
function workOf(s: Snapshot, state: State): Work {
  const last = state.runs.findLast((run) => run.purpose === "implement");
  const seen = s.runs.find((run) => run.name === last?.name);
  if (seen?.state.kind === "ended" && seen.state.outcome.kind === "pushed") return seen.state.outcome;
  const task = state.assessment && state.assessment.kind !== "asks" ? state.assessment.task : null;
  return { title: task?.title ?? s.issue.title, what: task?.body ?? "", why: "", tested: "" };
}

function review(s: Snapshot, state: State, then: Next & { kind: "review" }, now: Date): Effect[] {
  const { pull } = then;
  const effects: Effect[] = [];
  const marker = `review:${pull.number}`;
  const said = state.said.find((each) => each.marker === marker);
  const fresh = said && now.getTime() - Date.parse(said.at) < FRESH_MS;
  const who = wanted(s, state).start?.by.login;
  const asked = who && (pull.requested.includes(who) || pull.reviews.some((each) => each.by.login === who));
  const mentioned = repliedTo(pull.comments, marker);
  if (fresh && who && !asked && !mentioned)
    effects.push({ kind: "requestReview", pull: pull.number, of: who, marker });
  const nochecks = `nochecks:${pull.number}`;
  if (fresh && then.checks.kind === "none" && !repliedTo(pull.comments, nochecks)) {
    effects.push({ kind: "say", on: pull.number, marker: nochecks, body: noChecksWords });
  }
  return effects;
}
