import { createHash } from "node:crypto";

import { blockedList } from "../../../app/words/blockedList.ts";
import { questionsWords } from "../../../app/words/planSays.ts";
import { mention } from "../../../app/words/says.ts";
import { blockedOf } from "./blockedOf.ts";
import { repliedTo } from "./commandEffects.ts";
import type { Effect } from "./effects.ts";
import { FRESH_MS } from "./fresh.ts";
import { phaseOf } from "./phase.ts";
import { planMarker } from "./proposal.ts";
import { reviewMarker } from "./pullEffects.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Next } from "./standings.ts";
import type { State } from "./state.ts";
import { wanted } from "./wanted.ts";

/** Notes what is to be said once, so that it is not said again. */
export function remember(s: Snapshot, state: State, then: Next, now: Date): State {
  const at = now.toISOString();
  const fresh = saidNow(s, state, then).map((marker) => ({ marker, at }));
  if (fresh.length === 0) return state;
  const kept = state.said.filter((each) => !fresh.some(({ marker }) => marker === each.marker));
  return { ...state, said: [...kept, ...fresh].slice(-60) };
}

/** The markers of what is said now: of a phase that waits for a person, anew for each run, retry or reason. */
function saidNow(s: Snapshot, state: State, then: Next): string[] {
  if (then.kind !== "lanes") return [];
  const reviews = then.lanes.flatMap(({ at }) => (at.kind === "review" ? [reviewMarker(at.pull)] : []));
  const waits = waitOf(s, state, then);
  const due = [...reviews, ...(waits ? [waits.marker] : [])].filter(
    (marker) => !state.said.some((each) => each.marker === marker),
  );
  const awaits = then.lanes.some(({ at }) => at.kind === "awaits");
  const posted = state.said.some(({ marker }) => marker === planMarker(state));
  const posts = awaits && s.planComment === null && (!posted || isRetried(state, planMarker(state)));
  return posts ? [...due, planMarker(state)] : due;
}

/** Whether `/agent retry` was said after what has that marker. */
function isRetried({ said, since }: State, marker: string): boolean {
  const at = said.find((each) => each.marker === marker)?.at;
  return since !== null && at !== undefined && since.at > at;
}

/** What a phase that waits for a person is said with, and under which marker. */
function waitOf(s: Snapshot, state: State, then: Next): { marker: string; body: string } | null {
  const phase = phaseOf(then);
  if (then.kind !== "lanes" || (phase !== "blocked" && phase !== "asking")) return null;
  const blocked = blockedOf(then.lanes);
  const asks = then.lanes.flatMap(({ at }) => (at.kind === "asks" ? at.questions : []));
  const body =
    phase === "asking" ? questionsWords(asks, s.issue.number) : blockedList(blocked, s.issue.number);
  const why = phase === "asking" ? asks : blocked;
  const of = [why, state.generation, state.runs.at(-1)?.name, state.since?.at, state.retried];
  const hash = createHash("sha256").update(JSON.stringify(of)).digest("hex").slice(0, 12);
  return { marker: `${phase}:${hash}`, body };
}

export function sayOnce(s: Snapshot, state: State, then: Next, now: Date): Effect[] {
  const wait = waitOf(s, state, then);
  const said = wait && state.said.find((each) => each.marker === wait.marker);
  if (!wait || !said || repliedTo(s.issue.comments, wait.marker)) return [];
  if (now.getTime() - Date.parse(said.at) > FRESH_MS) return [];
  const who = wanted(s, state).start?.by.login ?? null;
  return [{ kind: "say", on: s.issue.number, marker: wait.marker, body: mention(who, wait.body) }];
}
