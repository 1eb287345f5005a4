import type { Brief, FeedbackItem } from "../../../agent-pod/contract/brief.ts";
import type { Settings } from "../../../app/config/repository.ts";
import { cleanIn } from "../../../app/words/text.ts";
import { taskBranch } from "./branches.ts";
import type { LeaseTerms, RunOrder } from "./effects.ts";
import { feedbackOf } from "./feedback.ts";
import { repliesSince } from "./replies.ts";
import type { Snapshot } from "./snapshot.ts";
import { spentTokens } from "./state.ts";
import type { RunRecord, State } from "./state.ts";
import { approvedText } from "./text.ts";
import { wanted } from "./wanted.ts";

/** The planner may use this much of an issue's tokens at most. */
const PLAN_TOKENS = 400_000;

/** What is needed to start the run of an intent, or to follow it again. Throws where `next` would have said blocked. */
export function order(s: Snapshot, state: State, run: RunRecord): RunOrder {
  const start = wanted(s, state).start;
  const { settings, base } = s.repository;
  const text = start && approvedText(s, start.at);
  if (settings.kind === "invalid" || !base || !start || !text)
    throw new Error(`${run.name} can't be started as things stand.`);
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
      terms: terms(s, state, settings.settings, null),
      ask: { base, issue: words },
    };
  }
  const brief = briefOf(s, state, run, settings.settings, base, words);
  return {
    ...common,
    kind: "agent",
    purpose: brief.purpose,
    brief,
    terms: terms(s, state, settings.settings, brief.branch.name),
  };
}

/** The issue's text, and what permitted people answered to a question since. */
function bodyWithReplies(s: Snapshot, state: State, run: RunRecord, body: string): string {
  const before = state.runs.filter((each) => each.name !== run.name && each.end !== null).at(-1);
  const asked = before?.end?.kind === "asks" || state.assessment?.kind === "asks";
  if (!asked || !before?.end) return body;
  const question =
    before.end.kind === "asks"
      ? before.end.say
      : state.assessment?.kind === "asks"
        ? state.assessment.questions.join("\n")
        : "";
  const replies = repliesSince(s, before.end.at).map((reply) => `@${reply.by.login}: ${cleanIn(reply.body)}`);
  return `${body}\n\n## A question was asked\n\n${question}\n\n## The answer\n\n${replies.join("\n\n")}`;
}

function terms(s: Snapshot, state: State, settings: Settings, branch: string | null): LeaseTerms {
  const left = Math.max(0, settings.limits.tokens + (state.since?.tokens ?? 0) - spentTokens(state));
  const base = `refs/heads/${s.repository.base?.branch}`;
  return {
    git: {
      ref: branch && `refs/heads/${branch}`,
      known: [base],
      base,
      mayTouch: [],
      protected: settings.protected,
    },
    llm: { models: [settings.model ?? s.model], budget: branch ? left : Math.min(left, PLAN_TOKENS) },
    hosts: [],
  };
}

function briefOf(
  s: Snapshot,
  state: State,
  run: RunRecord,
  settings: Settings,
  base: { branch: string; sha: string },
  issue: Brief["issue"],
): Brief {
  const task =
    state.assessment && state.assessment.kind !== "asks"
      ? state.assessment.task
      : { id: run.task, title: issue.title, body: "" };
  const branch = taskBranch(s.issue.number, state.generation, run.task);
  const asker = wanted(s, state).start?.by.login;
  const bot = `${s.app.slug}[bot]`;
  return {
    run: run.name,
    purpose: run.purpose === "fix" || run.purpose === "resolve" ? run.purpose : "implement",
    repository: { id: s.repository.id, owner: s.repository.owner, name: s.repository.name },
    issue,
    task,
    base,
    branch: { name: branch, exists: s.branches[branch] !== undefined },
    feedback: itemsOf(s, state, run),
    quotes: [],
    setup: settings.setup,
    test: settings.test,
    agent: { preset: settings.agent, model: settings.model ?? s.model },
    limits: { minutes: settings.limits.minutes, tokens: settings.limits.tokens },
    author: { name: bot, email: `${bot}@users.noreply.github.com` },
    coAuthor: asker ? { name: asker, email: `${asker}@users.noreply.github.com` } : null,
  };
}

/** The feedback that the run took, as it stands now. */
function itemsOf(s: Snapshot, state: State, run: RunRecord): FeedbackItem[] {
  const pull = s.pulls.find((each) => each.state === "open");
  if (!pull) return [];
  return feedbackOf(s, state, pull)
    .filter((each) => run.takes.includes(each.item.id))
    .map(({ item }) => Object.assign({}, item, { text: cleanIn(item.text).slice(0, 60_000) }));
}
