import type { Permission } from "../../../app/permission.ts";
import type { Person } from "./snapshot.ts";
import { hubTime, IDA, MONA, OTTO, taskOfBranch, withHub } from "./testWorld.ts";
import type { World } from "./testWorld.ts";
import { approving, deletePlan, editPlan, thumb, tick } from "./testWorldPlanActs.ts";
import type { PlanChange } from "./testWorldPlanActs.ts";
import { onPull, openPullOf } from "./testWorldPullActs.ts";
import type { PullAct } from "./testWorldPullActs.ts";
import { mainMoves, push } from "./testWorldPulls.ts";
import { flushed } from "./testWorldRuns.ts";

type Who = "mona" | "otto" | "ida";

/** Something that a person does, or that befalls. Where it makes no sense just then, nothing happens. */
export type Act =
  | { kind: "comment"; by: Who; text: string }
  | { kind: "thumb"; by: Who; up: boolean }
  | { kind: "tick"; by: Who }
  | { kind: "editPlan"; by: Who; change: PlanChange }
  | { kind: "editIssue"; by: Who }
  | { kind: "label"; on: boolean }
  | { kind: "open"; open: boolean }
  | { kind: "pull"; does: PullAct; task: string }
  | { kind: "deletePlan" }
  | { kind: "settings"; text: string }
  | { kind: "archive"; archived: boolean }
  | { kind: "refuse"; refuses: boolean }
  | { kind: "permission"; of: Who; is: Permission }
  | { kind: "mainMoves" }
  | { kind: "flush" }
  | { kind: "restoreRoot" };

const PEOPLE: Record<Who, Person> = { mona: MONA, otto: OTTO, ida: IDA };

/** What `act` makes of the world, and after how many ms somebody rings; null: nobody does (app/webhooks.ts). */
export function acted(world: World, act: Act): { world: World; rings: number | null } {
  const changed = change(world, act);
  return { world: changed, rings: changed === world ? null : ringOf(world, act) };
}

/** A thumb is seen by the sweep of plans alone; of some things nothing tells. */
function ringOf(world: World, act: Act): number | null {
  if (act.kind === "thumb") return world.awaits ? 15_000 : null;
  if (SILENT.has(act.kind)) return null;
  // Branches ring where they have a pull request.
  const isBranch = act.kind === "pull" && (act.does === "push" || act.does === "delete");
  return isBranch && !openPullOf(world, act.task) ? null : 0;
}

const SILENT: ReadonlySet<Act["kind"]> = new Set(["archive", "refuse", "permission", "flush"]);

function change(world: World, act: Act): World {
  const { hub } = world;
  switch (act.kind) {
    case "comment":
      return comment(world, PEOPLE[act.by], act.text);
    case "thumb":
      return thumb(world, PEOPLE[act.by], act.up);
    case "tick":
      return tick(world, PEOPLE[act.by]);
    case "editPlan":
      return editPlan(world, PEOPLE[act.by], act.change);
    case "deletePlan":
      return deletePlan(world);
    case "editIssue":
      return editIssue(world, PEOPLE[act.by]);
    case "label":
      return labelled(world, act.on);
    case "open":
      return opened(world, act.open);
    case "pull":
      return onPull(world, act.does, act.task);
    case "settings":
      return act.text === hub.settings ? world : withHub(mainMoves(world), { settings: act.text });
    case "archive":
      return withHub(world, { archived: act.archived });
    case "refuse":
      return withHub(world, { refuses: act.refuses });
    case "permission":
      return withHub(world, { permissions: { ...hub.permissions, [act.of]: act.is } });
    case "mainMoves":
      return mainMoves(world);
    case "flush":
      return flushed(world);
    case "restoreRoot":
      return restoreRoot(world);
  }
}

function comment(world: World, by: Person, body: string): World {
  const id = String(world.ids);
  const at = hubTime(world);
  const said = {
    id,
    nodeId: `C_${id}`,
    by,
    ours: false,
    body,
    at,
    editedBy: null,
    reacted: [],
    marker: null,
  };
  const approves = /^\/agent approve$/m.test(body);
  const next = { ...world, ids: world.ids + 1 };
  return withHub(approves ? approving(next, by) : next, { comments: [...world.hub.comments, said] });
}

function editIssue(world: World, by: Person): World {
  const body = `${world.hub.body} Now.`;
  const first = { by: IDA, at: new Date(0), text: world.hub.body };
  const before = world.hub.issueEdits.length > 0 ? world.hub.issueEdits : [first];
  return withHub(world, { body, issueEdits: [...before, { by, at: hubTime(world), text: body }] });
}

function labelled(world: World, on: boolean): World {
  if (world.hub.labels.includes("agent") === on) return world;
  const labels = on ? [...world.hub.labels, "agent"] : world.hub.labels.filter((each) => each !== "agent");
  return event(withHub(world, { labels }), on ? "labeled" : "unlabeled");
}

function opened(world: World, open: boolean): World {
  return world.hub.open === open ? world : event(withHub(world, { open }), open ? "reopened" : "closed");
}

function event(world: World, kind: "labeled" | "unlabeled" | "closed" | "reopened"): World {
  const common = { id: `E${world.ids}`, by: MONA, at: hubTime(world) };
  const happened =
    kind === "labeled" || kind === "unlabeled" ? { kind, label: "agent", ...common } : { kind, ...common };
  return withHub({ ...world, ids: world.ids + 1 }, { events: [...world.hub.events, happened] });
}

function restoreRoot(world: World): World {
  const merged = world.hub.pulls.findLast(
    (pull) => pull.state === "merged" && taskOfBranch(pull.base) === "root",
  );
  if (!merged || world.hub.branches[merged.base]) return world;
  return push(world, merged.base);
}
