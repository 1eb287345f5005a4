import { phaseOfLabel } from "../../../app/phase.ts";
import { parsePlan } from "../../../app/plan/yaml.ts";
import { readPlanWords } from "../../../app/words/planFence.ts";
import { settingsOf, taskOfBranch } from "./testWorld.ts";
import type { World } from "./testWorld.ts";
import type { Act } from "./testWorldActs.ts";

/**
 * What somebody does who reads what the bot said last to people, and follows it word by word; null: it is over. Throws
 * where nothing that was said names a way on.
 */
export function wayOn(world: World): Act[] | null {
  const { hub } = world;
  // Taken back before anybody looked: it is handed over anew.
  if (Object.keys(hub.status).length === 0) return [{ kind: "open", open: true }, say("/agent start")];
  const phase = hub.labels.map(phaseOfLabel).find((each) => each !== null);
  switch (phase) {
    case "done":
      return null;
    case "stopped":
      return [...(hub.open ? [] : [{ kind: "open" as const, open: true }]), say("/agent start")];
    case "awaiting approval":
      return approving(world);
    case "asking":
      return told(world, "asking").includes("Answer in a comment") ? [say("The first one.")] : lost(world);
    case "in review":
      return reviewing(world);
    case "blocked":
      return unblocking(world, told(world, "blocked"));
    case "planning":
    case "working":
    case undefined:
      return lost(world);
  }
}

const say = (text: string): Act => ({ kind: "comment", by: "mona", text });

function lost({ hub }: World): never {
  const said = hub.comments.filter((each) => each.ours).map((each) => `${each.marker}: ${each.body}`);
  said.push(...Object.values(hub.status).map(({ visible }) => visible));
  throw new Error(`Nobody is told how to go on: ${hub.labels.join(", ")}\n${said.join("\n")}`);
}

/**
 * The newest comment of that kind that says what the status comment says now; whoever is asked is mentioned, as an edit
 * notifies nobody.
 */
function told(world: World, kind: "blocked" | "asking"): string {
  const shown = Object.values(world.hub.status).at(-1)?.visible ?? "";
  const words = world.hub.comments
    .filter((each) => each.ours && each.marker?.startsWith(`${kind}:`))
    .map((each) => /^<!--.*-->\n@(?:mona|otto) ([^]*)$/.exec(each.body)?.[1] ?? "");
  return words.findLast((each) => each !== "" && shown.includes(each)) ?? lost(world);
}

function approving(world: World): Act[] {
  const ours = world.hub.comments.filter((each) => each.ours);
  const plan = ours.findLast((each) => each.marker?.startsWith("plan:"))?.body ?? "";
  const edit = ours.findLast((each) => each.marker?.startsWith("edit:"))?.body ?? "";
  if (edit.includes("Edit it again") && "errors" in parsePlan(readPlanWords(plan).yaml ?? ""))
    return [{ kind: "editPlan", by: "mona", change: { kind: "mend" } }, say("/agent approve")];
  const words = /@(?:mona|otto)\b/.test(plan) ? plan : lost(world);
  if (!words.includes("`/agent approve`")) return lost(world);
  const ways: Act[] = [
    { kind: "thumb", by: "mona", up: true },
    { kind: "tick", by: "mona" },
    say("/agent approve"),
  ];
  return [ways[Math.floor(world.now / 1000) % 3]!];
}

/** The pull request to the base branch is merged; where it isn't ready, tasks' wait for what people have to say. */
function reviewing({ hub }: World): Act[] {
  const ready = hub.pulls.find((pull) => pull.state === "open" && pull.base === "main" && !pull.draft);
  if (ready && ready.mergeable !== "conflicting")
    return [{ kind: "pull", does: "merge", task: taskOfBranch(ready.branch) }];
  return hub.pulls
    .filter((pull) => pull.state === "open" && pull.base !== "main")
    .map((pull) => ({ kind: "pull", does: "resolve", task: taskOfBranch(pull.branch) }));
}

/** What the words name, in the order in which one would do it. */
function unblocking(world: World, words: string): Act[] {
  const acts: Act[] = [];
  if (words.includes("Mend it there")) acts.push({ kind: "settings", text: settingsOf(world.story.limits) });
  if (words.includes("`limits.rounds: 0`") && words.includes("Raise it there"))
    acts.push({ kind: "settings", text: settingsOf({ ...world.story.limits, rounds: 10 }) });
  if (words.includes("Unarchive it")) acts.push({ kind: "archive", archived: false });
  if (words.includes("take the label off and put it on again"))
    acts.push({ kind: "label", on: false }, { kind: "label", on: true });
  if (words.includes("Push its last commit there again")) acts.push({ kind: "restoreRoot" });
  if (words.includes("change the rule")) acts.push({ kind: "refuse", refuses: false });
  if (words.includes("`/agent start` begins anew")) acts.push(say("/agent start"));
  const retries = [...words.matchAll(/`(\/agent retry(?: [a-z0-9-]+)?)`/g)].map((found) => found[1] ?? "");
  const one = words.includes("`/agent retry <task>`")
    ? [`/agent retry ${world.story.plan.tasks[0]?.id}`]
    : [];
  const commands = [...new Set([...retries, ...one])];
  if (commands.length > 0) acts.push(say(commands.slice(0, 10).join("\n")));
  if (words.includes("Answer in a comment")) acts.push(say("The first one."));
  return acts.length > 0 ? acts : lost(world);
}
