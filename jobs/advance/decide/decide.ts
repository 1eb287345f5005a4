import { createHash } from "node:crypto";

import { parseCommands } from "../../../app/commands/parse.ts";
import { PHASES, phaseOfLabel } from "../../../app/phase.ts";
import type { PhaseName } from "../../../app/phase.ts";
import { blockedWords } from "../../../app/words/blocked.ts";
import type { Blocked } from "../../../app/words/blocked.ts";
import { mention } from "../../../app/words/says.ts";
import { answersOf } from "./answers.ts";
import { commandEffects, repliedTo } from "./commandEffects.ts";
import type { Decision, Effect, LabelChange } from "./effects.ts";
import { FRESH_MS } from "./fresh.ts";
import type { Next } from "./next.ts";
import { order } from "./order.ts";
import { phaseOf } from "./phase.ts";
import { pullEffects } from "./pullEffects.ts";
import type { Comment, Snapshot } from "./snapshot.ts";
import { firstState } from "./state.ts";
import type { State } from "./state.ts";
import { statusView } from "./statusView.ts";
import { step } from "./step.ts";
import { commandComments, permitted, wanted } from "./wanted.ts";

/** When a pull request that was just opened is looked at. */
const OPENED_MS = 2000;

/**
 * What is to be done about an issue as it was seen at one moment (design §1). Pure: no I/O, no clock; the same
 * snapshot and time give the same decision, and performing it leads to a snapshot that asks for nothing more.
 */
export function decide(s: Snapshot, now: Date): Decision {
  switch (s.status.kind) {
    case "found":
      return steer(s, s.status.state, now);
    case "none":
      return wanted(s, null).wanted ? steer(s, firstState(), now) : idle(s, now);
    case "missing":
    case "forged":
      return lost(s, now);
  }
}

/** An issue that nobody handed to us: commands are answered, nothing else. */
function idle(s: Snapshot, now: Date): Decision {
  return {
    phase: null,
    effects: [...commandEffects(s, null, now)],
    again: null,
    why: ["not wanted, and never was"],
  };
}

/** The state is gone or can't be trusted: never guessed, never a fresh start but by a person's word (design §2). */
function lost(s: Snapshot, now: Date): Decision {
  const why: Blocked =
    s.status.kind === "missing" ? { kind: "missing", evidence: s.status.evidence } : { kind: "forged" };
  const marker = `blocked:${s.status.kind}`;
  const said = s.issue.comments.findLast((comment) => comment.marker === marker);
  const restart = commandComments(s).find(
    (c) =>
      said &&
      c.at > said.at &&
      permitted(s, c.by) &&
      parseCommands(c.body).some((each) => each.kind === "start"),
  );
  if (restart) return steer(s, { ...firstState(2), said: [{ marker, at: now.toISOString() }] }, now);
  const who = wanted(s, null).start?.by.login ?? null;
  const say: Effect = {
    kind: "say",
    on: s.issue.number,
    marker,
    body: mention(who, blockedWords(why, s.issue.number)),
  };
  const effects = [...labelEffect(labelChange(s, "blocked")), ...(said ? [] : [say])];
  return { phase: "blocked", effects, again: null, why: [`the state is ${s.status.kind}`] };
}

function steer(seen: Snapshot, before: State, now: Date): Decision {
  const stepped = step(seen, before, now);
  const { s, next: then } = stepped;
  const phase = phaseOf(then);
  const state = remember(s, stepped.state, then, now);
  const label = labelChange(s, phase);
  const status = statusEffect(s, before, state, then, label);
  const pull = pullEffects(s, state, then, now);
  const effects: Effect[] = [
    ...commandEffects(seen, before, now).filter(
      (effect) => effect.kind === "react" && effect.with === "eyes",
    ),
    ...(status ? [status] : labelEffect(label)),
    ...stops(s, state),
    ...pull,
    ...answersOf(s, state, then),
    ...runs(s, state, then),
    ...sayOnce(s, state, then, now),
    ...commandEffects(seen, before, now).filter(
      (effect) => !(effect.kind === "react" && effect.with === "eyes"),
    ),
    ...forgets(s, state),
    ...duplicates(s),
  ];
  return { phase, effects, again: againAt(s, then, now), why: reasons(then) };
}

/** The status comment, where the state or what it shows has changed. */
function statusEffect(
  s: Snapshot,
  before: State,
  state: State,
  then: Next,
  label: LabelChange | null,
): Effect | null {
  const visible = statusView(s, state, then);
  const found = s.status.kind === "found" ? s.status : null;
  const changed = JSON.stringify(before) !== JSON.stringify(state);
  if (found && !changed && found.visible === visible) return null;
  const old = s.status.kind === "found" || s.status.kind === "forged" ? s.status.comment : null;
  const comment = old && { id: old.id, nodeId: old.nodeId };
  const rank = changed || !found ? "state" : "display";
  return {
    kind: "status",
    comment,
    state: { ...state, revision: before.revision + 1 },
    visible,
    rank,
    label,
  };
}

function labelChange(s: Snapshot, phase: PhaseName): LabelChange | null {
  const shown = s.issue.labels.flatMap((label) => phaseOfLabel(label) ?? []);
  const remove = PHASES.filter((each) => shown.includes(each) && each !== phase);
  if (shown.includes(phase) && remove.length === 0) return null;
  return { add: shown.includes(phase) ? null : phase, remove };
}

const labelEffect = (label: LabelChange | null): Effect[] => (label ? [{ kind: "label", label }] : []);

/** Notes what is to be said once, so that it is not said again. */
function remember(s: Snapshot, state: State, then: Next, now: Date): State {
  const marker = waitMarker(s, state, then);
  if (!marker || state.said.some((each) => each.marker === marker)) return state;
  return { ...state, said: [...state.said, { marker, at: now.toISOString() }].slice(-60) };
}

/** What a phase that waits for a person is said under: anew for each run, retry or reason. */
function waitMarker(s: Snapshot, state: State, then: Next): string | null {
  if (then.kind === "review") return `review:${then.pull.number}`;
  if (then.kind !== "blocked") return null;
  const of = [then.why, state.generation, state.runs.at(-1)?.name, state.since?.at];
  return `blocked:${createHash("sha256").update(JSON.stringify(of)).digest("hex").slice(0, 12)}`;
}

function sayOnce(s: Snapshot, state: State, then: Next, now: Date): Effect[] {
  const marker = waitMarker(s, state, then);
  const said = state.said.find((each) => each.marker === marker);
  if (!marker || then.kind !== "blocked" || !said || repliedTo(s.issue.comments, marker)) return [];
  if (now.getTime() - Date.parse(said.at) > FRESH_MS) return [];
  const who = wanted(s, state).start?.by.login ?? null;
  return [
    { kind: "say", on: s.issue.number, marker, body: mention(who, blockedWords(then.why, s.issue.number)) },
  ];
}

/** Runs that nobody wants: those that have ended in the state, and those that it doesn't know. */
function stops(s: Snapshot, state: State): Effect[] {
  const open = new Set(state.runs.filter((run) => run.end === null).map((run) => run.name));
  const atWork = s.runs.filter((run) => run.state.kind === "running").map((run) => run.name);
  const planning = state.runs.filter((run) => run.purpose === "plan" && run.end).map((run) => run.name);
  const unwanted = [...atWork, ...s.followed.filter((name) => planning.includes(name))];
  return unwanted.filter((name) => !open.has(name)).map((run) => ({ kind: "stop", run }));
}

/** The run that should be at work, where nobody follows it. */
function runs(s: Snapshot, state: State, then: Next): Effect[] {
  if (then.kind !== "running" || s.followed.includes(then.run.name)) return [];
  return [{ kind: "run", order: order(s, state, then.run) }];
}

/** Last of all: a run is forgotten when everything that follows from its outcome was done. */
function forgets(s: Snapshot, state: State): Effect[] {
  const open = new Set(state.runs.filter((run) => run.end === null).map((run) => run.name));
  const over = s.runs.filter((run) => run.state.kind !== "running" && !open.has(run.name));
  return over.map((run) => ({ kind: "forget", run: run.name }));
}

/** Of two comments with one marker the older counts. */
function duplicates(s: Snapshot): Effect[] {
  const places: Comment[][] = [s.issue.comments, ...s.pulls.map((pull) => pull.comments)];
  return places.flatMap((comments) => {
    const ours = comments.filter((comment) => comment.ours && comment.marker !== null);
    const extra = ours.filter((comment, at) => ours.findIndex((each) => each.marker === comment.marker) < at);
    return extra.map((comment): Effect => ({ kind: "deleteComment", id: comment.id }));
  });
}

function againAt(s: Snapshot, then: Next, now: Date): Date | null {
  if (then.kind === "wait") return then.until;
  // What we open ourselves rings nothing, and its checks may never come.
  if (then.kind === "open") return new Date(now.getTime() + OPENED_MS);
  if (then.kind !== "running" || s.repository.settings.kind === "invalid") return null;
  // Its end rings by itself; this is for the end that nobody saw.
  const { minutes } = s.repository.settings.settings.limits;
  const late = new Date(Date.parse(then.run.at) + (minutes + 5) * 60_000);
  return late > now ? late : new Date(now.getTime() + 5 * 60_000);
}

function reasons(then: Next): string[] {
  switch (then.kind) {
    case "blocked":
      return [`blocked: ${then.why.kind}`];
    case "wait":
      return [then.why];
    case "running":
      return [`${then.run.name} is at work`];
    case "review":
      return [`#${then.pull.number} waits for a person; checks: ${then.checks.kind}`];
    case "done":
      return [`#${then.pull.number} is merged`];
    case "open":
      return [`${then.branch} has no pull request yet`];
    case "stopped":
      return ["not wanted"];
    case "run":
      return [`a run is due: ${then.purpose}`];
  }
}
