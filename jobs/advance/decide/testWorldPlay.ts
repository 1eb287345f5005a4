import { decide } from "./decide.ts";
import type { Decision, Effect } from "./effects.ts";
import { firstWorld, Refused } from "./testWorld.ts";
import type { Disturbance, Story, Todo, World } from "./testWorld.ts";
import { acted } from "./testWorldActs.ts";
import type { Act } from "./testWorldActs.ts";
import { CALM, lookAt } from "./testWorldLook.ts";
import { performed } from "./testWorldPerform.ts";
import { mergeableKnown } from "./testWorldPulls.ts";
import { wayOn } from "./testWorldReader.ts";
import { Broken, keepsEndRules, keepsPhase, keepsRules, keepsWorldRules } from "./testWorldRules.ts";
import { checkComes, planEnds, runEnds } from "./testWorldRuns.ts";

/** How long one look takes. */
const LOOK_MS = 200;
const STALE_MS = 2000;
const FAILED_MS = 2000;
/** A killed worker is replaced. */
const REPLACED_MS = 10_000;
const SWEEP_MS = 300_000;
/** How often a person may have to do what was said, at most. */
const WAYS = 60;

/** Plays the story to its end: what happens by itself, and then people who do what they are told. */
export function play(story: Story): World {
  let world = firstWorld(story);
  const most = 300 + 60 * story.plan.tasks.length;
  for (let ways = 0; ways < WAYS; ways++) {
    world = settle(world, most * (ways + 1));
    const acts = wayOn(world);
    if (acts === null) return world;
    world = acts.reduce((next, act) => act_(next, act), { ...world, now: world.now + 5000 });
  }
  throw new Broken(`after ${WAYS} ways on it is still ${world.hub.labels.join(", ")}`);
}

/** Goes on until nothing happens any more by itself. */
function settle(from: World, most: number): World {
  let world = from;
  for (;;) {
    if (world.looks > most) throw new Broken(`it doesn't end: ${world.hub.labels.join(", ")}`);
    const next = soonest(world);
    if (next) world = comes({ ...world, now: Math.max(world.now, next.at) }, next);
    else {
      const swept = sweep(world);
      if (swept === null) return world;
      world = swept;
    }
    keepsWorldRules(world);
  }
}

function soonest({ todo, alarm }: World): Todo | null {
  const alarms: Todo[] = alarm === null ? [] : [{ kind: "ring", at: alarm }];
  return [...todo, ...alarms].reduce<Todo | null>((a, b) => (a && a.at <= b.at ? a : b), null);
}

/** What was to happen happens. */
function comes(before: World, todo: Todo): World {
  const world = { ...before, todo: before.todo.filter((each) => each !== todo) };
  switch (todo.kind) {
    case "ring":
      return look(world);
    case "act":
      return act_(world, todo.act);
    case "mergeable":
      return mergeableKnown(world, todo.pull, todo.head);
    case "check":
      return todo.ended ? ring(checkComes(world, todo)) : checkComes(world, todo);
    case "planEnds":
      return ring(planEnds(world, todo));
    case "runEnds":
      return ring(runEnds(world, todo));
  }
}

function act_(world: World, act: Act): World {
  const { world: next, rings } = acted(world, act);
  return rings === null ? next : ring(next, rings);
}

const ring = (world: World, ms = 0): World => ({
  ...world,
  todo: [...world.todo, { kind: "ring", at: world.now + ms + disturbance(world).late }],
});

const disturbance = ({ story, looks }: World): Disturbance =>
  story.disturbances.length === 0 ? CALM : story.disturbances[looks % story.disturbances.length]!;

/** One look, and what follows from it. Rings that wait are one; an alarm that came is gone. */
function look(before: World): World {
  const how = disturbance(before);
  const now = before.now + LOOK_MS;
  const alarm = before.alarm !== null && before.alarm <= before.now ? null : before.alarm;
  const todo = before.todo.filter((each) => each.kind !== "ring" || each.at > before.now);
  const { world, seen } = lookAt({ ...before, now, alarm, todo, looks: before.looks + 1 }, how);
  if (!seen) return alarmed(world, STALE_MS);
  const decision = decide(seen, new Date(now));
  keepsRules(world, seen, decision);
  return perform({ ...world, awaits: decision.awaits }, decision, how);
}

/** As jobs/advance/advance.ts does: an alarm for what is to be looked at later, at once what is due. */
function perform(from: World, decision: Decision, { twice, diesAfter }: Disturbance): World {
  let world = from;
  let left: number | null = null;
  for (const [at, effect] of decision.effects.entries()) {
    if (at === diesAfter)
      return { ...world, todo: [...world.todo, { kind: "ring", at: world.now + REPLACED_MS }] };
    try {
      world = performed(world, effect);
      if (twice.includes(at)) world = performed(world, effect);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.ms === null || !mayWait(effect)) return alarmed(world, FAILED_MS);
      left = Math.min(left ?? Infinity, error.ms);
    }
  }
  keepsPhase(world, decision);
  const again = decision.again === null ? null : Math.max(0, decision.again.getTime() - world.now);
  const ms = again === null ? left : Math.min(again, left ?? Infinity);
  return ms === 0 ? { ...ring(world), alarm: null } : alarmed(world, ms);
}

const mayWait = ({ kind }: Effect): boolean => ["run", "merge", "openPull"].includes(kind);

const alarmed = (world: World, ms: number | null): World => ({
  ...world,
  alarm: ms === null ? null : world.now + ms,
});

/**
 * Nothing happens by itself any more. The sweep rings where something that it asks for (look/sweep.graphql) changed since it
 * was here; a look that sees everything performs nothing then. Where nothing goes wrong it isn't needed.
 */
function sweep(world: World): World | null {
  const later = { ...world, now: world.now + SWEEP_MS };
  const isNeeded = world.story.disturbances.length > 0 || world.swept === null;
  if (isNeeded && hasChanged(world)) return ring({ ...later, swept: world });
  const { seen } = lookAt({ ...later, past: [] }, CALM);
  if (!seen) throw new Broken("GitHub's state is older than what was written");
  keepsEndRules(later, decide(seen, new Date(later.now)));
  return null;
}

function hasChanged({ swept, hub, cluster }: World): boolean {
  if (swept === null) return true;
  const seen = ["comments", "labels", "events", "issueEdits", "settings", "pulls"] as const;
  return seen.some((key) => swept.hub[key] !== hub[key]) || swept.cluster !== cluster;
}
