import type { Effect } from "./effects.ts";
import { hubTime, pick, Refused, sha, taskOfBranch, withHub } from "./testWorld.ts";
import type { CommitChecks, World } from "./testWorld.ts";
import type { Person, Pull } from "./snapshot.ts";

/** GitHub works out mergeability a moment after it was asked; that it has, only the sweep sees. */
const mergeableAt = ({ now, story }: World): number => now + (story.disturbances.length > 0 ? 1500 : 0);

/** `world` with that pull request changed. */
export function withPull(world: World, number: number, change: (pull: Pull) => Pull): World {
  const pulls = world.hub.pulls.map((pull) => (pull.number === number ? change(pull) : pull));
  return withHub(world, { pulls });
}

/** https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request */
export function openPull(world: World, effect: Effect & { kind: "openPull" }): World {
  const { branches, pulls, main } = world.hub;
  const { branch, base, title, body, draft } = effect;
  if (pulls.some((pull) => pull.branch === branch && pull.state === "open")) return world;
  const head = branches[branch];
  const onto = base === "main" ? main : branches[base];
  if (!head || !onto) throw new Refused(`422: ${head ? "base" : "head"} is invalid`);
  if (head === onto) throw new Refused("422: No commits between them", 15_000);
  const number = world.ids;
  const at = hubTime(world);
  const pull: Pull = {
    number,
    nodeId: `PR_${number}`,
    url: `https://github.com/acme/teatime/pull/${number}`,
    branch,
    state: "open",
    draft,
    title,
    body,
    head,
    headAt: at,
    createdAt: at,
    ended: null,
    base,
    mergeable: "unknown",
    checks: [],
    comments: [],
    reviews: [],
    threads: [],
    requested: [],
  };
  return judged(withHub({ ...world, ids: world.ids + 1 }, { pulls: [...pulls, pull] }), pull);
}

/** A new commit on a branch: its pull request gets checks of its own, and GitHub asks anew whether it can be merged. */
export function push(world: World, branch: string): World {
  const head = sha(world.ids);
  const commits = { ...world.commits, [branch]: (world.commits[branch] ?? 0) + 1 };
  const branches = { ...world.hub.branches, [branch]: head };
  const next = withHub({ ...world, ids: world.ids + 1, commits }, { branches });
  const open = next.hub.pulls.find((pull) => pull.branch === branch && pull.state === "open");
  if (!open) return next;
  const pull: Pull = { ...open, head, headAt: hubTime(world), mergeable: "unknown", checks: [] };
  return judged(
    withPull(next, pull.number, () => pull),
    pull,
  );
}

/** What GitHub and CI will find out of a head commit. */
function judged(world: World, { number, head, branch }: Pull): World {
  const task = taskOfBranch(branch);
  const nth = Math.max(0, (world.commits[branch] ?? 1) - 1);
  const { does, afterMs, ms } = pick(world.story.checks, task)?.[nth] ?? PASS;
  const found = { kind: "mergeable" as const, pull: number, head, at: mergeableAt(world) };
  if (does === "none") return { ...world, todo: [...world.todo, found] };
  const check = { kind: "check" as const, pull: number, head, ended: false, failed: does === "fail", ms };
  return { ...world, todo: [...world.todo, found, { ...check, at: world.now + afterMs }] };
}

const PASS: CommitChecks = { does: "pass", afterMs: 2000, ms: 20_000 };

/** A pull request is merged: its base moves, and with it what else is to be merged there. */
export function mergePull(world: World, number: number, by: Person): World {
  const merged = world.hub.pulls.find((each) => each.number === number);
  if (!merged) return world;
  const ended = { at: hubTime(world), by };
  const closed = withPull(world, number, (pull) => ({ ...pull, state: "merged", ended }));
  return merged.base === "main" ? mainMoves(closed) : moved(push(closed, merged.base), merged.base);
}

/** A commit on the base branch. */
export function mainMoves(world: World): World {
  const commits = { ...world.commits, main: (world.commits["main"] ?? 0) + 1 };
  return moved(withHub({ ...world, ids: world.ids + 1, commits }, { main: sha(world.ids) }), "main");
}

/** Pull requests into a branch that moved: some conflict with it now, each once. */
function moved(world: World, base: string): World {
  return world.hub.pulls
    .filter((pull) => pull.base === base && pull.state === "open")
    .reduce((next, { number, head }) => {
      const found = { kind: "mergeable" as const, pull: number, head, at: mergeableAt(next) };
      const unknown = withPull(next, number, (pull) => ({ ...pull, mergeable: "unknown" }));
      return { ...unknown, todo: [...unknown.todo, found] };
    }, world);
}

/** GitHub has worked out whether `head` can be merged. */
export function mergeableKnown(world: World, number: number, head: string): World {
  const pull = world.hub.pulls.find((each) => each.number === number);
  if (pull?.state !== "open" || pull.head !== head) return world;
  const had = world.conflicted[number];
  const conflicts = had === undefined ? meetsConflict(world, pull) : had === head;
  const mergeable = conflicts ? "conflicting" : "mergeable";
  const next = withPull(world, number, (each) => ({ ...each, mergeable }));
  return conflicts ? { ...next, conflicted: { ...next.conflicted, [number]: head } } : next;
}

/** Whether the work conflicts with what its base got meanwhile. */
const meetsConflict = ({ story, commits }: World, { branch, base }: Pull): boolean =>
  story.conflicts.includes(taskOfBranch(branch)) && (commits[base] ?? 0) > 0;

export const closePull = (world: World, number: number, by: Person): World =>
  withPull(world, number, (pull) =>
    pull.state === "open" ? { ...pull, state: "closed", ended: { at: hubTime(world), by } } : pull,
  );

export function reopenPull(world: World, number: number): World {
  const opened = withPull(world, number, (pull) => ({
    ...pull,
    state: "open",
    ended: null,
    mergeable: "unknown",
    head: world.hub.branches[pull.branch] ?? pull.head,
  }));
  const pull = opened.hub.pulls.find((each) => each.number === number);
  return pull ? judged(opened, pull) : opened;
}

/** GitHub closes the pull requests of a branch that is deleted, and those into it. */
export function deleteBranch(world: World, branch: string, by: Person): World {
  const left = Object.entries(world.hub.branches).filter(([name]) => name !== branch);
  const gone = withHub(world, { branches: Object.fromEntries(left) });
  return gone.hub.pulls
    .filter((pull) => pull.state === "open" && (pull.branch === branch || pull.base === branch))
    .reduce((next, { number }) => closePull(next, number, by), gone);
}
