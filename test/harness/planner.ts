import { EventEmitter, once } from "node:events";

import type { Plan, PlanTask } from "../../app/plan/plan.ts";
import type { Assessment } from "../../jobs/advance/decide/state.ts";
import type { PlanResult } from "../../jobs/advance/decide/snapshot.ts";
import type { PlanAsk } from "../../jobs/advance/decide/effects.ts";
import type { Planner } from "../../jobs/run/follow.ts";

/** The task that a planner makes of an issue; what isn't said is made up. */
interface Task {
  id?: string;
  title?: string;
  body?: string;
}

/** A planner that says what the scenario told it, until it is told otherwise. At first it finds every issue simple. */
export interface ScriptedPlanner extends Planner {
  judgesSimple(task?: Task): void;
  /** A plan: each task's id, and the tasks that it waits for, or more of it; what isn't said is made up. */
  plans(tasks: Record<string, string[] | Partial<PlanTask>>, summary?: string): void;
  asks(...questions: string[]): void;
  /** It can't answer: `again` says whether another attempt may by itself. */
  fails(say: string, how: { again: boolean }): void;
  /** It takes its time: it answers nothing before it is told what. */
  thinks(): void;
  /** What it was asked, in order. */
  asked: PlanAsk[];
  /** How many questions wait for an answer. */
  atWork(): number;
}

type Answer = (title: string) => PlanResult;

export function scriptedPlanner(): ScriptedPlanner {
  const bell = new EventEmitter();
  const asked: PlanAsk[] = [];
  let atWork = 0;
  let answer: Answer | null = simple({});

  const say = (next: Answer | null) => {
    answer = next;
    if (next) bell.emit("told");
  };
  const told = async (signal: AbortSignal): Promise<Answer> => {
    if (answer) return answer;
    await once(bell, "told", { signal });
    return told(signal);
  };
  return {
    asked,
    atWork: () => atWork,
    async assess(order, _pass, signal) {
      asked.push(order.ask);
      atWork++;
      try {
        return (await told(signal))(order.ask.issue.title);
      } finally {
        atWork--;
      }
    },
    judgesSimple: (task = {}) => say(simple(task)),
    plans: (tasks, summary) => say(() => assessed({ kind: "complex", plan: planOf(tasks, summary) })),
    asks: (...questions) => say(() => assessed({ kind: "asks", questions })),
    fails: (words, { again }) => say(() => ({ kind: "failed", say: words, retry: again, tokens: 0 })),
    thinks: () => say(null),
  };
}

const simple =
  (task: Task): Answer =>
  (title) =>
    assessed({ kind: "simple", task: taskOf(task, title) });

const assessed = (assessment: Assessment): PlanResult => ({ kind: "assessed", assessment, tokens: 0 });

const planOf = (tasks: Record<string, string[] | Partial<PlanTask>>, summary = "All of it."): Plan => ({
  summary,
  tasks: Object.entries(tasks).map(([id, task]) => ({
    id,
    title: `Do ${id}`,
    body: `What ${id} is about.`,
    files: [`${id}.md`],
    test: "",
    size: "small",
    after: [],
    ...(Array.isArray(task) ? { after: task } : task),
  })),
});

const taskOf = ({ id = "digits", title, body = "Do what the issue says." }: Task, issue: string) => ({
  id,
  title: title ?? issue,
  body,
});
