import { parseSettings } from "../../../app/config/repository.ts";
import { evidence } from "../look/status.ts";
import { APP, BOT, ISSUE } from "./testWorld.ts";
import type { Disturbance, Hub, World } from "./testWorld.ts";
import type { Comment, Snapshot } from "./snapshot.ts";

/** A look that nothing disturbs. */
export const CALM: Disturbance = { lag: 0, part: "all", twice: [], diesAfter: null, late: 0 };

/** So often an older state than the one that was written is looked at again (jobs/advance/revision.ts). */
const STALE_TIMES = 3;

/** What a look sees; null where GitHub's answer is older than what was written, and it is to be looked at again. */
export function lookAt(world: World, { lag, part }: Disturbance): { world: World; seen: Snapshot | null } {
  const old = world.past.find(({ until }) => until > world.now - lag)?.hub ?? world.hub;
  const hub = seenHub(world.hub, old, part);
  const status = hub.comments.find((comment) => comment.marker === "status");
  const revision = status ? (hub.status[status.id]?.state.revision ?? null) : null;
  const { written, staleTimes } = world.memory;
  const isOld = written !== null && (revision === null || revision < written);
  const memory = { ...world.memory, staleTimes: isOld ? staleTimes + 1 : 0 };
  const next = { ...world, memory };
  if (isOld && memory.staleTimes <= STALE_TIMES) return { world: next, seen: null };
  return { world: next, seen: snapshotOf(world, hub, status, isOld) };
}

function seenHub(now: Hub, old: Hub, part: Disturbance["part"]): Hub {
  switch (part) {
    case "all":
      return old;
    case "work":
      return { ...now, branches: old.branches, pulls: old.pulls };
    case "words": {
      const status = now.comments.filter((comment) => comment.marker === "status");
      const rest = old.comments.filter((comment) => comment.marker !== "status");
      const words = { edits: old.edits, thumbs: old.thumbs, events: old.events, labels: old.labels };
      return {
        ...now,
        ...words,
        comments: [...rest, ...status].toSorted((a, b) => Number(a.id) - Number(b.id)),
      };
    }
  }
}

function snapshotOf(world: World, hub: Hub, status: Comment | undefined, stale: boolean): Snapshot {
  const { memory, cluster } = world;
  const found = status && hub.status[status.id];
  const generation = found?.state.generation ?? 1;
  const prefix = generation === 1 ? `agent/${ISSUE}/` : `agent/${ISSUE}-${generation}/`;
  const branches = Object.fromEntries(
    Object.entries(hub.branches).filter(([name]) => name.startsWith(prefix)),
  );
  const signs = evidence({
    labels: hub.labels,
    branches: Object.keys(branches),
    runs: cluster,
    revision: memory.written,
  });
  const settings = settingsIn(hub.settings);
  return {
    app: APP,
    installationId: 3,
    repository: {
      id: 11,
      owner: "acme",
      name: "teatime",
      base: { branch: "main", sha: hub.main },
      settings: "errors" in settings ? { kind: "invalid", ...settings } : { kind: "valid", ...settings },
      archived: hub.archived,
      labels: {},
    },
    issue: {
      number: ISSUE,
      nodeId: "I_12",
      url: "https://github.com/acme/teatime/issues/12",
      title: "Nobody can log in",
      body: hub.body,
      by: { login: "ida", bot: false },
      open: hub.open,
      at: new Date(0),
      labels: hub.labels,
      events: hub.events,
      edits: hub.issueEdits,
      comments: hub.comments,
    },
    status: statusOf(found && status ? { ...found, comment: status, stale } : null, signs),
    branches,
    pulls: hub.pulls.filter((pull) => pull.branch.startsWith(prefix)),
    planComment: planComment(hub, found?.state),
    refusals: memory.refusals,
    room: roomOf(world, found?.state),
    held: null,
    runs: cluster,
    followed: memory.followed,
    results: memory.results,
    permissions: hub.permissions,
    model: "m",
  };
}

/** Read once for each text. */
const read = new Map<string, ReturnType<typeof parseSettings>>();

/** The settings in a file's text. */
export function settingsIn(text: string): ReturnType<typeof parseSettings> {
  const settings = read.get(text) ?? parseSettings(text);
  read.set(text, settings);
  return settings;
}

type Found = Extract<Snapshot["status"], { kind: "found" }>;

function statusOf(found: Omit<Found, "kind"> | null, signs: string | null): Snapshot["status"] {
  if (found) return { kind: "found", ...found };
  return signs === null ? { kind: "none" } : { kind: "missing", evidence: signs };
}

function planComment(hub: Hub, state: Found["state"] | undefined): Snapshot["planComment"] {
  if (!state?.proposal) return null;
  const marker = `plan:${state.generation}.${state.proposal.number}`;
  const comment = hub.comments.find((each) => each.by.login === BOT.login && each.marker === marker);
  if (!comment) return null;
  return { comment, edits: hub.edits[comment.nodeId] ?? [], thumbs: hub.thumbs[comment.nodeId] ?? [] };
}

/** As jobs/run/slots.ts counts: what runs, and what the state began. */
function roomOf({ cluster, story }: World, state: Found["state"] | undefined): number {
  const running = cluster.filter((run) => run.state.kind === "running").map((run) => run.name);
  const over = cluster.filter((run) => run.state.kind !== "running").map((run) => run.name);
  const open = (state?.runs ?? []).filter((run) => run.end === null && run.purpose !== "plan");
  const begun = open.map((run) => run.name).filter((name) => !over.includes(name));
  const busy = new Set([...running, ...begun]);
  return Math.max(0, story.room - busy.size);
}
