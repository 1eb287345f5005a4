import type { Brief, FeedbackItem } from "../../../agent-pod/contract/brief.ts";
import type { Settings } from "../../../app/config/repository.ts";
import { cleanIn } from "../../../app/words/text.ts";
import type { LeaseTerms, PlanAsk, RunOrder } from "./effects.ts";
import { feedbackOf } from "./feedback.ts";
import { planTask, pullOf, workLanes } from "./lanes.ts";
import type { WorkLane } from "./lanes.ts";
import { budgetOf } from "./ration.ts";
import { repliesTo } from "./replies.ts";
import type { Snapshot } from "./snapshot.ts";
import type { RunRecord, State } from "./state.ts";
import { approvedText } from "./text.ts";
import { wanted } from "./wanted.ts";

/** What is needed to start the run of an intent, or to follow it again; null where `next` would have said blocked. */
export function order(s: Snapshot, state: State, run: RunRecord): RunOrder | null {
  const start = wanted(s, state).start;
  const { settings, base } = s.repository;
  const text = start && approvedText(s, start.at);
  if (settings.kind === "invalid" || !base || !start || !text) return null;
  const { issue, repository } = s;
  const labels = {
    repository: `${repository.owner}/${repository.name}`,
    repositoryId: repository.id,
    installationId: s.installationId,
    issue: issue.number,
    task: run.task,
    attempt: run.attempt,
  };
  const words = {
    number: issue.number,
    title: cleanIn(text.title),
    body: bodyWithReplies(s, state, run, cleanIn(text.body)),
  };
  const common = { name: run.name, labels, minutes: settings.settings.limits.minutes };
  if (run.purpose === "plan") {
    return {
      ...common,
      kind: "plan",
      terms: terms(s, state, settings.settings, run, null),
      ask: { base, issue: words, ...askOf(s, state, workLanes(s, state)) },
    };
  }
  const lane = workLanes(s, state).find((each) => each.task === run.task);
  if (!lane) throw new Error(`${run.name} has no branch any more.`);
  const brief = briefOf(s, state, run, settings.settings, lane, words);
  const sums = terms(s, state, settings.settings, run, lane);
  const { image, size } = settings.settings;
  return { ...common, kind: "agent", purpose: brief.purpose, brief, image, size, terms: sums };
}

function askOf(s: Snapshot, { ask, proposal }: State, lanes: WorkLane[]): Pick<PlanAsk, "force" | "change"> {
  if (!ask?.change || !proposal) return { force: ask?.force ?? false, change: null };
  const merged = lanes.filter((lane) => lane.kind === "task" && pullOf(s, lane)?.state === "merged");
  const stays = merged.map(({ task }) => task).join(", ");
  const text = `${cleanIn(ask.change.text)}${stays && `\n\n(These tasks are merged already, and stay as they are: ${stays}.)`}`;
  return { force: ask.force, change: { plan: proposal.plan, by: ask.change.by, text } };
}

/** The issue's text, and what permitted people answered to this lane's question since. */
function bodyWithReplies(s: Snapshot, state: State, run: RunRecord, body: string): string {
  const before = state.runs.findLast(
    (each) => each.name !== run.name && each.end !== null && each.task === run.task,
  );
  const question = before && questionOf(state, before);
  if (!before?.end || !question) return body;
  const replies = repliesTo(s, state, before).map((reply) => `@${reply.by.login}: ${cleanIn(reply.body)}`);
  return `${body}\n\n## A question was asked\n\n${question}\n\n## The answer\n\n${replies.join("\n\n")}`;
}

function questionOf(state: State, { purpose, end }: RunRecord): string | null {
  if (end?.kind === "asks") return end.say;
  if (purpose !== "plan" || state.assessment?.kind !== "asks") return null;
  return state.assessment.questions.join("\n");
}

function terms(
  s: Snapshot,
  state: State,
  settings: Settings,
  run: RunRecord,
  lane: WorkLane | null,
): LeaseTerms {
  const main = `refs/heads/${s.repository.base?.branch}`;
  const base = lane ? `refs/heads/${lane.base.branch}` : main;
  return {
    git: {
      ref: lane && `refs/heads/${lane.branch}`,
      known: [...new Set([main, base])],
      base,
      mayTouch: [],
      protected: settings.protected,
    },
    llm: {
      models: [settings.model ?? s.model],
      // Fixed when it was started: what others spend meanwhile is none of its.
      budget: run.budget ?? budgetOf(state, settings, run.purpose),
    },
    hosts: lane ? settings.hosts : [],
  };
}

function briefOf(
  s: Snapshot,
  state: State,
  run: RunRecord,
  settings: Settings,
  lane: WorkLane,
  issue: Brief["issue"],
): Brief {
  const { branch, base } = lane;
  const asker = wanted(s, state).start?.by.login;
  const bot = `${s.app.slug}[bot]`;
  return {
    run: run.name,
    purpose: run.purpose === "fix" || run.purpose === "resolve" ? run.purpose : "implement",
    repository: { id: s.repository.id, owner: s.repository.owner, name: s.repository.name },
    issue,
    task: taskWords(state, lane, issue),
    // The root branch is made from the base before the first task starts.
    base: { branch: base.branch, sha: base.sha ?? s.repository.base?.sha ?? "" },
    branch: { name: branch, exists: s.branches[branch] !== undefined },
    feedback: itemsOf(s, state, run, lane),
    quotes: [],
    setup: settings.setup,
    test: settings.test,
    verify: lane.kind === "task" && !hasChecks(s, base.branch),
    hosts: settings.hosts,
    agent: { preset: settings.agent, model: settings.model ?? s.model },
    limits: { minutes: settings.limits.minutes, tokens: settings.limits.tokens },
    author: { name: bot, email: `${bot}@users.noreply.github.com` },
    coAuthor: asker ? { name: asker, email: `${asker}@users.noreply.github.com` } : null,
  };
}

/** Whether pull requests into that branch get checks: workflows for the base branch don't run for those of tasks. */
const hasChecks = (s: Snapshot, base: string): boolean =>
  s.pulls.some((pull) => pull.base === base && pull.checks.length > 0);

/** What the agent is to do, in the planner's words. */
function taskWords(state: State, lane: WorkLane, issue: Brief["issue"]): Brief["task"] {
  const { approved, assessment } = state;
  if (assessment?.kind === "simple" && lane.kind === "only") return assessment.task;
  const task = planTask(state, lane.task);
  if (!task) return { id: lane.task, title: issue.title, body: approved?.plan.summary ?? "" };
  const parts = [
    task.body,
    task.files.length > 0 && `Files that this likely touches: ${task.files.join(", ")}`,
    task.test && `How it will be tested: ${task.test}`,
    approved?.plan.summary &&
      `This is one task of a plan; its other tasks are worked on by others. The plan: ${approved.plan.summary}`,
  ];
  return { id: task.id, title: task.title, body: parts.filter(Boolean).join("\n\n") };
}

/** The feedback that the run took, as it stands now. */
function itemsOf(s: Snapshot, state: State, run: RunRecord, lane: WorkLane): FeedbackItem[] {
  const pull = pullOf(s, lane);
  if (pull?.state !== "open") return [];
  return feedbackOf(s, state, pull)
    .filter((each) => run.takes.includes(each.item.id))
    .map(({ item }) => Object.assign({}, item, { text: cleanIn(item.text).slice(0, 60_000) }));
}
