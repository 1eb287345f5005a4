import { shown } from "../config/typed.ts";
import { nearest } from "../words/nearest.ts";
import { ancestors, cycleIn } from "./graph.ts";
import { hiddenIn } from "./hidden.ts";
import type { Plan, PlanTask } from "./plan.ts";
import { printPlan } from "./print.ts";

export { waves } from "./graph.ts";

/** How long the parts of a plan may be, in characters, and how many there may be. */
export const MOST = {
  tasks: 12,
  id: 40,
  title: 100,
  body: 1500,
  test: 500,
  files: 30,
  file: 200,
  summary: 2000,
  yaml: 20_000,
} as const;

/** Ids that name something else: the branch that tasks are merged into, and the planner's own runs. */
export const RESERVED: ReadonlySet<string> = new Set(["root", "plan"]);

/** One thing that is wrong with a plan, where it is, and what to do: one sentence. */
export interface Problem {
  path: (string | number)[];
  say: string;
}

/** Everything that keeps `plan` from being worked on; nothing: it is valid. */
export function checkPlan(plan: Plan): Problem[] {
  const { summary, tasks } = plan;
  const count = tasks.length;
  if (count > MOST.tasks)
    return [
      {
        path: ["tasks"],
        say: `The plan has ${count} tasks; join or drop some until there are ${MOST.tasks}.`,
      },
    ];
  const problems = [
    ...textProblems(["summary"], "The summary", summary, { least: 0, most: MOST.summary }),
    ...(count < 2
      ? [
          {
            path: ["tasks"],
            say: `The plan has ${count === 1 ? "1 task" : "no tasks"}; it needs 2 to ${MOST.tasks}.`,
          },
        ]
      : []),
    ...tasks.flatMap((task, at) => [
      ...idProblems(tasks, at),
      ...wordProblems(task, at),
      ...fileProblems(task, at),
      ...edgeProblems(tasks, at),
    ]),
  ];
  if (problems.length > 0) return problems;
  return [...graphProblems(tasks), ...lengthProblems(plan)];
}

/** Two tasks that touch the same files, though neither comes after the other: both may run at once. */
export interface Overlap {
  a: string;
  b: string;
  files: string[];
}

/** All pairs of them. */
export function overlaps({ tasks }: Plan): Overlap[] {
  const before = ancestors(tasks);
  const ordered = (a: string, b: string) => before.get(a)!.has(b) || before.get(b)!.has(a);
  return tasks.flatMap((a, at) =>
    tasks
      .slice(at + 1)
      .filter((b) => !ordered(a.id, b.id))
      .map((b) => ({ a: a.id, b: b.id, files: shared(a.files, b.files) }))
      .filter(({ files }) => files.length > 0),
  );
}

/** What is in both; a folder (`src/`) has all that is below it. */
function shared(some: string[], others: string[]): string[] {
  const within = (file: string, folders: string[]) =>
    folders.some((each) => each === file || (each.endsWith("/") && file.startsWith(each)));
  return [
    ...new Set([
      ...some.filter((file) => within(file, others)),
      ...others.filter((file) => within(file, some)),
    ]),
  ];
}

const called = (id: string) => `\`${shown(id)}\``;

function idProblems(tasks: PlanTask[], at: number): Problem[] {
  const { id } = tasks[at]!;
  const problem = (say: string) => [{ path: ["tasks", at, "id"], say }];
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id)) {
    return problem(
      `${called(id)} is no id; use lower-case letters, digits and single hyphens, like \`fix-login\`.`,
    );
  }
  if (id.length > MOST.id)
    return problem(`The id ${called(id)} has ${id.length} characters; shorten it to ${MOST.id}.`);
  if (RESERVED.has(id)) return problem(`The id ${called(id)} is taken by the app itself; choose another.`);
  if (tasks.findIndex((each) => each.id === id) !== at)
    return problem(`Two tasks are called ${called(id)}; give each an id of its own.`);
  return [];
}

function wordProblems(task: PlanTask, at: number): Problem[] {
  const check = (key: "title" | "body" | "test", least: number) =>
    textProblems(["tasks", at, key], `The ${key} of ${called(task.id)}`, task[key], {
      least,
      most: MOST[key],
    });
  const { title } = task;
  const broken = /[\n\t]/.test(title.trim());
  return [
    ...check("title", 1),
    ...(broken
      ? [
          {
            path: ["tasks", at, "title"],
            say: `The title of ${called(task.id)} has a line break or a tab; write it in one line.`,
          },
        ]
      : []),
    ...check("body", 1),
    ...check("test", 0),
  ];
}

function textProblems(
  path: Problem["path"],
  what: string,
  text: string,
  { least, most }: { least: number; most: number },
): Problem[] {
  const problem = (say: string) => [{ path, say: `${what} ${say}` }];
  if (text.length < least) return problem("is empty; write one.");
  if (text.length > most) return problem(`has ${text.length} characters; shorten it to ${most}.`);
  const hidden = hiddenIn(text);
  if (hidden) return problem(`has a character that can't be seen (${hidden}); remove it.`);
  if (text !== text.trim()) return problem("begins or ends with a space; remove it.");
  return [];
}

function fileProblems({ id, files }: PlanTask, at: number): Problem[] {
  if (files.length > MOST.files) {
    const say = `${called(id)} lists ${files.length} files; list the ${MOST.files} that matter most.`;
    return [{ path: ["tasks", at, "files"], say }];
  }
  return files.flatMap((file, n) => {
    const path = ["tasks", at, "files", n];
    const what = `The file ${called(file)} of ${called(id)}`;
    const wrong = textProblems(path, what, file, { least: 1, most: MOST.file });
    if (wrong.length > 0 || isPath(file)) return wrong;
    return [{ path, say: `${what} is no path from the repository's root; write it like \`src/login.ts\`.` }];
  });
}

/** Whether `file` is a path within the repository, as git writes them: no `/` before it, no `.` or `..` in it. */
function isPath(file: string): boolean {
  return !/^\/|\\|[\n\t]|\/\/|(?:^|\/)\.{1,2}(?:\/|$)/.test(file);
}

function edgeProblems(tasks: PlanTask[], at: number): Problem[] {
  const { id, after } = tasks[at]!;
  const known = tasks.map((each) => each.id);
  return after.flatMap((before, n) => {
    const problem = (say: string) => [{ path: ["tasks", at, "after", n], say }];
    if (before === id) return problem(`${called(id)} comes after itself; remove it from its \`after\`.`);
    if (!known.includes(before)) {
      const meant = nearest(
        before,
        known.filter((each) => each !== id),
      );
      const hint = meant ? `did you mean ${called(meant)}?` : `remove it, or add that task.`;
      return problem(`${called(id)} comes after ${called(before)}, which is no task; ${hint}`);
    }
    if (after.indexOf(before) !== n)
      return problem(`${called(id)} comes after ${called(before)} twice; keep one of them.`);
    return [];
  });
}

/** Of tasks whose ids and edges are right each by itself. */
function graphProblems(tasks: PlanTask[]): Problem[] {
  const cycle = cycleIn(tasks);
  if (cycle) {
    const ring = [...cycle, cycle[0]!].map(called).join(" after ");
    const at = tasks.findIndex(({ id }) => id === cycle[0]);
    return [
      {
        path: ["tasks", at, "after"],
        say: `None of these could ever start: ${ring}; remove one of these edges.`,
      },
    ];
  }
  const before = ancestors(tasks);
  return tasks.flatMap(({ id, after }, at) =>
    after.flatMap((far, n) => {
      const near = after.find((each) => before.get(each)!.has(far));
      if (!near) return [];
      const say = `${called(id)} comes after ${called(near)}, which comes after ${called(far)} already; remove ${called(far)} from the \`after\` of ${called(id)}.`;
      return [{ path: ["tasks", at, "after", n], say }];
    }),
  );
}

function lengthProblems(plan: Plan): Problem[] {
  const { length } = printPlan(plan);
  if (length <= MOST.yaml) return [];
  return [{ path: [], say: `The plan has ${length} characters as YAML; shorten it to ${MOST.yaml}.` }];
}
