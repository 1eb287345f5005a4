import { planHash } from "../../../app/plan/plan.ts";
import { parsePlan } from "../../../app/plan/yaml.ts";
import { readPlanWords } from "../../../app/words/planFence.ts";
import { atLeast } from "../../../app/permission.ts";
import type { Decision, Effect } from "./effects.ts";
import type { Snapshot } from "./snapshot.ts";
import { firstState } from "./state.ts";
import type { RunRecord, State } from "./state.ts";
import { settingsIn } from "./testWorldLook.ts";
import { taskOfBranch } from "./testWorld.ts";
import type { World } from "./testWorld.ts";

/** A rule that every decision and every world keeps (issue 4, "done when" 2). */
export class Broken extends Error {}

function keep(holds: boolean, say: string): void {
  if (!holds) throw new Broken(say);
}

/** Throws where a decision breaks a rule. `world` is the truth, `s` what was seen of it. */
export function keepsRules(world: World, s: Snapshot, { effects }: Decision): void {
  const before = s.status.kind === "found" ? s.status.state : firstState();
  const written = effects.find((effect) => effect.kind === "status");
  if (written) newState(world, s, before, written.state);
  for (const effect of effects) {
    if (effect.kind === "merge") merges(world, effect);
    if (effect.kind === "ready") isReady(world, written?.state ?? before, effect);
    if (effect.kind === "run") starts(world, written?.state ?? before, effect);
  }
}

function newState(world: World, s: Snapshot, before: State, state: State): void {
  const known = new Set(before.runs.map((run) => run.name));
  const begun = state.runs.filter((run) => !known.has(run.name) && run.purpose !== "plan");
  keep(begun.length <= s.room, `${begun.length} runs begin, with room for ${s.room}`);
  if (state.approved && state.approved.hash !== before.approved?.hash) approved(world, s, state.approved);
  if (state.proposal?.edited && state.proposal.at !== before.proposal?.at) edited(s);
  oneEach(state);
  for (const run of begun) begins(world, s, state, run);
}

/** Only what somebody approved who may, as it stood then. */
function approved(world: World, s: Snapshot, { hash, by, plan }: NonNullable<State["approved"]>): void {
  keep(planHash(plan) === hash, "the approved plan isn't the one of its hash");
  keep(atLeast(s.permissions[by] ?? "none", "write"), `${by} approved without permission`);
  keep(
    world.approvals.some((each) => each.hash === hash && each.by === by),
    `${by} never approved this plan`,
  );
}

/** Only what somebody wrote who may. */
function edited({ planComment, permissions }: Snapshot): void {
  const yamls = planComment?.edits.map(({ text }) => readPlanWords(text ?? "").yaml) ?? [];
  const change = planComment?.edits.findLast((edit, at) => !edit.by.bot && yamls[at] !== yamls[at - 1]);
  const by = change?.by.login ?? "nobody";
  keep(atLeast(permissions[by] ?? "none", "write"), `${by} changed the plan without permission`);
}

/** One run of a branch at once, and no name twice. */
function oneEach({ runs }: State): void {
  const open = runs.filter((run) => run.end === null).map((run) => run.task);
  keep(new Set(open).size === open.length, `two runs at once: ${open.join(", ")}`);
  keep(new Set(runs.map((run) => run.name)).size === runs.length, "two runs have one name");
}

function begins(world: World, s: Snapshot, state: State, run: RunRecord): void {
  const settings = settingsIn(world.hub.settings);
  if ("errors" in settings) return;
  const { limits } = settings.settings;
  const open = state.runs.filter((each) => each.end === null && each.purpose !== "plan");
  keep(open.length <= limits.parallel, `${open.length} agents at once, of ${limits.parallel}`);
  tokens(state, open, limits.tokens, run);
  attempts(state, run, limits);
  if (run.purpose === "implement") implement(world, s, state, run);
}

function tokens(state: State, open: RunRecord[], limit: number, run: RunRecord): void {
  const promised = open.reduce((sum, each) => sum + (each.budget ?? 0), 0);
  const spent = Object.values(state.spend.days).reduce((sum, each) => sum + each, 0);
  const most = limit + (state.since?.tokens ?? 0);
  keep(promised + spent <= most, `${promised} tokens are promised and ${spent} spent, of ${most}`);
  keep((run.budget ?? 0) > 0, `${run.name} has no tokens to work with`);
}

function attempts(state: State, run: RunRecord, limits: { attempts: number; rounds: number }): void {
  const since = [state.since?.at ?? "", state.retried[run.task] ?? ""].toSorted().at(-1) ?? "";
  const before = state.runs.filter((each) => each !== run && each.task === run.task && each.at > since);
  const follows = run.purpose !== "implement";
  const same = before.filter((each) => (each.purpose !== "implement") === follows);
  const failures = same.length - 1 - same.findLastIndex((each) => each.end?.kind !== "failed");
  keep(failures < limits.attempts, `${run.task} is tried again after ${failures} failures`);
  const rounds = same.filter((each) => each.end?.kind !== "failed").length;
  if (follows) keep(rounds < limits.rounds, `${run.task} gets round ${rounds + 1}`);
}

function implement(world: World, s: Snapshot, state: State, run: RunRecord): void {
  const merged = mergedTasks(world, state);
  keep(!merged.has(run.task), `${run.task} is merged, and begun again`);
  if (!state.approved) return keep(state.assessment?.kind === "simple", "work begins without approval");
  const task = state.approved.plan.tasks.find(({ id }) => id === run.task);
  const first = task?.after.filter((id) => !merged.has(id) && !state.skipped.includes(id)) ?? ["its plan"];
  keep(first.length === 0, `${run.task} begins before ${first.join(", ")}`);
  const stands = state.proposal && planHash(state.proposal.plan);
  keep(stands === state.approved.hash && state.ask === null, `${run.task} begins while a plan waits`);
  const hash = standingHash(s);
  keep(hash === null || hash === state.approved.hash, `${run.task} begins while another plan waits`);
}

/** The plan in the comment, as a permitted person left it; null where there is none that can be used. */
function standingHash(s: Snapshot): string | null {
  const by = s.planComment?.comment.editedBy;
  if (!by || by.bot || !atLeast(s.permissions[by.login] ?? "none", "write")) return null;
  const read = parsePlan(readPlanWords(s.planComment?.comment.body ?? "").yaml ?? "");
  return "errors" in read ? null : planHash(read.plan);
}

/** The tasks of this generation whose work is in the root branch. */
const mergedTasks = ({ hub }: World, { generation }: State): Set<string> =>
  new Set(
    hub.pulls
      .filter(
        (pull) =>
          pull.state === "merged" &&
          pull.branch.split("/")[1] === (generation === 1 ? "12" : `12-${generation}`),
      )
      .map((pull) => taskOfBranch(pull.branch)),
  );

function merges({ hub }: World, { pull: number, head }: Effect & { kind: "merge" }): void {
  const pull = hub.pulls.find((each) => each.number === number);
  keep(pull?.base !== "main", "the app merges into the base branch");
  if (pull?.state !== "open" || pull.head !== head) return;
  keep(
    !pull.checks.some((check) => check.ended && check.failed),
    `#${number} is merged, and its checks fail`,
  );
}

function isReady(world: World, state: State, { pull: number }: Effect & { kind: "ready" }): void {
  const merged = mergedTasks(world, state);
  const left =
    state.approved?.plan.tasks.filter(({ id }) => !merged.has(id) && !state.skipped.includes(id)) ?? [];
  keep(left.length === 0, `#${number} is ready, without ${left.map(({ id }) => id).join(", ")}`);
}

/** Nothing runs that the state doesn't know of, and nothing that ended is started again. */
function starts(world: World, state: State, { order: { name } }: Effect & { kind: "run" }): void {
  const record = state.runs.find((run) => run.name === name);
  keep(record?.end === null, `${name} is started, and isn't at work`);
  const gone = world.started.includes(name) && record?.purpose !== "plan";
  keep(!gone || world.cluster.some((run) => run.name === name), `${name} is started twice`);
}

/** What holds at every moment, of what is at work in truth. */
export function keepsWorldRules({ cluster, story, hub }: World): void {
  const atWork = cluster.filter((run) => run.state.kind === "running");
  keep(atWork.length <= story.room, `${atWork.length} agents at work, with room for ${story.room}`);
  const tasks = atWork.map((run) => run.labels.task);
  keep(new Set(tasks).size === tasks.length, `two agents at once on one of ${tasks.join(", ")}`);
  const statuses = hub.comments.filter((comment) => comment.marker === "status");
  keep(statuses.length <= 1, "there are two status comments");
}

/** What holds after a look that was performed to its end. */
export function keepsPhase({ cluster }: World, { phase }: Decision): void {
  if (phase !== "stopped" && phase !== "done") return;
  const atWork = cluster.filter((run) => run.state.kind === "running").map((run) => run.name);
  keep(atWork.length === 0, `it is ${phase}, and ${atWork.join(", ")} at work`);
}

/** What holds once nothing happens any more. */
export function keepsEndRules({ cluster, hub }: World, decision: Decision): void {
  const kinds = decision.effects.map((effect) => effect.kind);
  keep(kinds.length === 0, `looking again performs ${kinds.join(", ")}: ${decision.why.join("; ")}`);
  keep(cluster.length === 0, `${cluster.map((run) => run.name).join(", ")} isn't forgotten`);
  const labels = hub.labels.filter((label) => label.startsWith("agent: "));
  keep(
    labels.length === Math.min(1, Object.keys(hub.status).length),
    `there are the labels ${labels.join(", ")}`,
  );
  const markers = hub.comments.flatMap(({ marker }) => marker ?? []);
  keep(new Set(markers).size === markers.length, `something is said twice: ${markers.join(", ")}`);
}
