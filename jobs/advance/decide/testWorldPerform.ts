import { phaseLabel } from "../../../app/phase.ts";
import type { Effect, LabelChange } from "./effects.ts";
import { BOT, hubTime, Refused, withHub } from "./testWorld.ts";
import type { World } from "./testWorld.ts";
import { openPull, mergePull, withPull } from "./testWorldPulls.ts";
import { forgetRun, startRun, stopRun } from "./testWorldRuns.ts";
import type { Comment } from "./snapshot.ts";

/** How long what was posted a moment ago isn't posted again (perform/once.ts). */
const ONCE_MS = 120_000;

/** The world after one effect. Throws `Refused`. */
export function performed(world: World, effect: Effect): World {
  switch (effect.kind) {
    case "status":
      return status(world, effect);
    case "label":
      return label(world, effect.label);
    case "react":
      return withComments(world, (each) =>
        each.id === effect.comment
          ? { ...each, reacted: addTo(each.reacted, effect.with.toUpperCase()) }
          : each,
      );
    case "say":
      return say(world, effect.on, effect.marker, effect.body);
    case "reply":
      return reply(world, effect);
    case "editComment":
      return editComment(world, effect.nodeId, effect.body);
    case "openPull":
      return openPull(world, effect);
    case "editPull":
      return withPull(world, effect.pull, (pull) => ({
        ...pull,
        title: effect.title ?? pull.title,
        body: effect.body ?? pull.body,
      }));
    case "ready":
      return withPull(world, effect.pull, (pull) => ({ ...pull, draft: false }));
    case "merge":
      return merge(world, effect);
    case "createBranch":
      return world.hub.branches[effect.branch]
        ? world
        : withHub(world, { branches: { ...world.hub.branches, [effect.branch]: effect.sha } });
    case "requestReview":
      return withPull(world, effect.pull, (pull) => ({
        ...pull,
        requested: addTo(pull.requested, effect.of),
      }));
    case "run":
      return startRun(world, effect.order);
    case "stop":
      return stopRun(world, effect.run);
    case "forget":
      return forgetRun(world, effect.run);
    case "deleteBranch":
      return withHub(world, {
        branches: Object.fromEntries(
          Object.entries(world.hub.branches).filter(([name]) => name !== effect.branch),
        ),
      });
    case "deleteComment":
      return withHub(world, { comments: world.hub.comments.filter((each) => each.id !== effect.id) });
  }
}

const addTo = (list: string[], one: string): string[] => (list.includes(one) ? list : [...list, one]);

function status(world: World, effect: Effect & { kind: "status" }): World {
  const said = { state: effect.state, visible: effect.visible };
  const { comment } = effect;
  const written = comment ? edited(world, comment.id, said) : created(world, effect.state.generation, said);
  const shown = effect.label ? label(written, effect.label) : written;
  return { ...shown, memory: { ...shown.memory, written: effect.state.revision } };
}

type Said = World["hub"]["status"][string];

function edited(world: World, id: string, said: Said): World {
  if (!world.hub.comments.some((each) => each.id === id)) throw new Refused("The status comment is gone.");
  return withHub(world, { status: { ...world.hub.status, [id]: said } });
}

function created(world: World, generation: number, said: Said): World {
  const key = `status:${generation}`;
  if (!isNew(world, key)) throw new Refused("The status comment was created a moment ago.");
  const comment = commentOf(world, "status", "");
  return withHub(remembering(world, key), {
    comments: [...world.hub.comments, comment],
    status: { ...world.hub.status, [comment.id]: said },
  });
}

function label(world: World, { add, remove }: LabelChange): World {
  const gone = new Set(remove.map(phaseLabel));
  const kept = world.hub.labels.filter((each) => !gone.has(each));
  return withHub(world, { labels: add ? addTo(kept, phaseLabel(add)) : kept });
}

const isNew = (world: World, key: string): boolean =>
  world.now - (world.memory.posted[key] ?? -Infinity) > ONCE_MS;

const remembering = (world: World, key: string): World => ({
  ...world,
  ids: world.ids + 1,
  memory: { ...world.memory, posted: { ...world.memory.posted, [key]: world.now } },
});

const commentOf = (world: World, marker: string, body: string): Comment => ({
  id: String(world.ids),
  nodeId: `C_${world.ids}`,
  by: BOT,
  ours: true,
  body: `<!-- coxswain:7:${marker} -->\n${body}`,
  at: hubTime(world),
  editedBy: null,
  reacted: [],
  marker,
});

function say(world: World, on: number, marker: string, body: string): World {
  if (!isNew(world, marker)) return world;
  const comment = commentOf(world, marker, body);
  const next = remembering(world, marker);
  if (next.hub.pulls.some((pull) => pull.number === on))
    return withPull(next, on, (pull) => ({ ...pull, comments: [...pull.comments, comment] }));
  const edits = { ...next.hub.edits, [comment.nodeId]: [{ by: BOT, at: comment.at, text: comment.body }] };
  return withHub(next, { comments: [...next.hub.comments, comment], edits });
}

function reply(world: World, { pull: number, to, marker, body }: Effect & { kind: "reply" }): World {
  if (!isNew(world, marker)) return world;
  const comment = { ...commentOf(world, marker, body), reviewId: null };
  return withPull(remembering(world, marker), number, (pull) => ({
    ...pull,
    threads: pull.threads.map((thread) =>
      thread.comments[0]?.id === to ? { ...thread, comments: [...thread.comments, comment] } : thread,
    ),
  }));
}

function editComment(world: World, nodeId: string, words: string): World {
  const comment = world.hub.comments.find((each) => each.nodeId === nodeId);
  if (!comment) return world;
  const body = `<!-- coxswain:7:${comment.marker} -->\n${words}`;
  const edit = { by: BOT, at: hubTime(world), text: body };
  const edits = { ...world.hub.edits, [nodeId]: [...(world.hub.edits[nodeId] ?? []), edit] };
  const next = withHub(world, { edits });
  return withComments(next, (each) => (each.nodeId === nodeId ? { ...each, body, editedBy: BOT } : each));
}

function withComments(world: World, change: (comment: Comment) => Comment): World {
  const pulls = world.hub.pulls.map((pull) => ({ ...pull, comments: pull.comments.map(change) }));
  return withHub(world, { comments: world.hub.comments.map(change), pulls });
}

/** Longer than GitHub's reads lag its writes (perform/merge.ts). */
const MERGED_MS = 60_000;

function merge(world: World, { pull: number, head }: Effect & { kind: "merge" }): World {
  const key = `${number}:${head}`;
  const { memory, now } = world;
  if (now - (memory.merged[key] ?? -Infinity) < MERGED_MS)
    throw new Refused("It was merged a moment ago.", 2000);
  const refusal = mergeRefusal(world, number, head);
  if (refusal === null) {
    const next = mergePull(world, number, BOT);
    return { ...next, memory: { ...next.memory, merged: { ...next.memory.merged, [key]: now } } };
  }
  const before = memory.refusals[number];
  const times = before?.head === head ? before.times + 1 : 1;
  const refusals = { ...memory.refusals, [number]: { head, times, say: refusal, at: new Date(now) } };
  return { ...world, memory: { ...memory, refusals } };
}

/** https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request */
function mergeRefusal({ hub }: World, number: number, head: string): string | null {
  const pull = hub.pulls.find((each) => each.number === number);
  if (pull?.state !== "open" || pull.draft) return "405: Pull Request is not mergeable";
  if (pull.head !== head) return "409: Head branch was modified. Review and try the merge again.";
  if (hub.refuses) return "405: At least 1 approving review is required";
  return pull.mergeable === "conflicting" ? "405: Pull Request is not mergeable" : null;
}
