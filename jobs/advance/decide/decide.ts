import { parseCommands } from "../../../app/commands/parse.ts";
import { PHASES, phaseOfLabel } from "../../../app/phase.ts";
import type { PhaseName } from "../../../app/phase.ts";
import { blockedWords } from "../../../app/words/blocked.ts";
import type { Blocked } from "../../../app/words/blocked.ts";
import { mention } from "../../../app/words/says.ts";
import { againAt } from "./again.ts";
import { answersOf } from "./answers.ts";
import { commandEffects } from "./commandEffects.ts";
import type { Decision, Effect, LabelChange } from "./effects.ts";
import type { Next } from "./standings.ts";
import { order } from "./order.ts";
import { phaseOf } from "./phase.ts";
import { planEffects, rootBranch } from "./planEffects.ts";
import { pullEffects } from "./pullEffects.ts";
import type { Comment, Snapshot } from "./snapshot.ts";
import { reasons } from "./reasons.ts";
import { remember, sayOnce } from "./said.ts";
import { firstState } from "./state.ts";
import type { State } from "./state.ts";
import { statusView } from "./statusView.ts";
import { step } from "./step.ts";
import { commandComments, permitted, wanted } from "./wanted.ts";

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
    wants: 0,
    awaits: false,
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
  return {
    phase: "blocked",
    effects,
    again: null,
    wants: 0,
    awaits: false,
    why: [`the state is ${s.status.kind}`],
  };
}

function steer(seen: Snapshot, before: State, now: Date): Decision {
  const stepped = step(seen, before, now);
  const { s, next: then } = stepped;
  const phase = phaseOf(then);
  const state = remember(s, stepped.state, then, now);
  const label = labelChange(s, phase);
  const status = statusEffect(s, before, state, then, label);
  const commands = commandEffects(seen, before, now, state);
  const isSeen = (effect: Effect) => effect.kind === "react" && effect.with === "eyes";
  const effects: Effect[] = [
    ...commands.filter(isSeen),
    ...(status ? [status] : labelEffect(label)),
    ...stops(s, state),
    ...rootBranch(s, state, then),
    // They take no call to GitHub: agents needn't wait for those that do.
    ...runs(s, state, then),
    ...pullEffects(s, state, then, now),
    ...answersOf(s, state, then),
    ...planEffects(s, state, then, now),
    ...sayOnce(s, state, then, now),
    ...commands.filter((effect) => !isSeen(effect)),
    ...forgets(s, state),
    ...duplicates(s),
  ];
  const lanes = then.kind === "lanes" ? then.lanes : [];
  return {
    phase,
    effects: merges(then) ? effects.filter((effect) => !isShown(effect)) : effects,
    again: againAt(s, then, now),
    wants: lanes.filter(({ at }) => at.kind === "queued").length,
    awaits: lanes.some(({ at }) => at.kind === "awaits"),
    why: reasons(then),
  };
}

/** A look follows every merge at once, and would write anew whatever this one shows. */
const merges = (then: Next): boolean =>
  then.kind === "lanes" && then.lanes.some(({ at }) => at.kind === "merge");

const isShown = (effect: Effect): boolean =>
  effect.kind === "editPull" ||
  effect.kind === "editComment" ||
  (effect.kind === "status" && effect.rank === "display" && effect.label === null);

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
  if (found && !found.outdated && !changed && found.visible === visible) return null;
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

/** Runs that nobody wants: those that have ended in the state, and those that it doesn't know. */
function stops(s: Snapshot, state: State): Effect[] {
  const open = new Set(state.runs.filter((run) => run.end === null).map((run) => run.name));
  const atWork = s.runs.filter((run) => run.state.kind === "running").map((run) => run.name);
  const planning = state.runs.filter((run) => run.purpose === "plan" && run.end).map((run) => run.name);
  const unwanted = [...atWork, ...s.followed.filter((name) => planning.includes(name))];
  return unwanted.filter((name) => !open.has(name)).map((run) => ({ kind: "stop", run }));
}

/** The runs that should be at work, where nobody follows them. */
function runs(s: Snapshot, state: State, then: Next): Effect[] {
  if (then.kind !== "lanes") return [];
  const over = s.runs.filter((run) => run.state.kind !== "running").map((run) => run.name);
  return then.lanes.flatMap(({ at }): Effect[] => {
    if (at.kind !== "running" || [...s.followed, ...over].includes(at.run.name)) return [];
    const run = order(s, state, at.run);
    return run ? [{ kind: "run", order: run }] : [];
  });
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
