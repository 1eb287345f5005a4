import { shown } from "../config/typed.ts";
import { nearest } from "../words/nearest.ts";
import { ancestors, cycleIn } from "./graph.ts";
import { hiddenIn } from "./hidden.ts";
import type { Plan, PlanTask } from "./plan.ts";
import { printPlan } from "./print.ts";

export { overlaps, waves } from "./graph.ts";

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
  /** In bytes: two plans must fit the status comment, whatever they say. */
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
  if (tasks.length > MOST.tasks) {
    const say = `The plan has ${tasks.length} tasks; join or drop some until there are ${MOST.tasks}.`;
    return [{ path: ["tasks"], say }];
  }
  const problems = [
    ...textProblems(["summary"], "The summary", summary, { least: 0, most: MOST.summary }),
    ...(tasks.length < 2 ? [tooFew(tasks.length)] : []),
    ...tasks.flatMap((task, at) => [
      ...idProblems(tasks, at),
      ...wordProblems(task, at),
      ...fileProblems(task, at),
      ...edgeProblems(tasks, at),
    ]),
  ];
  return problems.length > 0 ? problems : [...graphProblems(tasks), ...lengthProblems(plan)];
}

function tooFew(count: number): Problem {
  const say = `The plan has ${count === 1 ? "1 task" : "no tasks"}; it needs 2 to ${MOST.tasks}.`;
  return { path: ["tasks"], say };
}

const called = (name: string) => `\`${shown(name)}\``;

function idProblems(tasks: PlanTask[], at: number): Problem[] {
  const { id } = tasks[at]!;
  const problem = (say: string) => [{ path: ["tasks", at, "id"], say }];
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id)) {
    const like = "lower-case letters, digits and single hyphens, like `fix-login`";
    return problem(
      id === "" ? `Task ${at + 1} has no id; use ${like}.` : `${called(id)} is no id; use ${like}.`,
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
  return (["title", "body", "test"] as const).flatMap((key) =>
    textProblems(["tasks", at, key], `The ${key} of ${called(task.id)}`, task[key], {
      least: key === "test" ? 0 : 1,
      most: MOST[key],
      oneLine: key === "title",
    }),
  );
}

/** At most one problem: the others would often follow from it. */
function textProblems(
  path: Problem["path"],
  what: string,
  text: string,
  { least, most, oneLine = false }: { least: number; most: number; oneLine?: boolean },
): Problem[] {
  const problem = (say: string) => [{ path, say: `${what} ${say}` }];
  if (text.length < least) return problem("is empty; write one.");
  if (text.length > most) return problem(`has ${text.length} characters; shorten it to ${most}.`);
  if (text !== text.trim()) return problem("begins or ends with a space; remove it.");
  if (oneLine && /[\n\t]/.test(text)) return problem("has a line end or a tab in it; write one line.");
  const hidden = hiddenIn(text);
  return hidden ? problem(`has a character that can't be seen (${hidden}); remove it.`) : [];
}

function fileProblems({ id, files }: PlanTask, at: number): Problem[] {
  if (files.length > MOST.files) {
    const say = `${called(id)} lists ${files.length} files; list the ${MOST.files} that matter most.`;
    return [{ path: ["tasks", at, "files"], say }];
  }
  return files.flatMap((file, n) => {
    const path = ["tasks", at, "files", n];
    const what = `File ${n + 1} of ${called(id)}`;
    const wrong = textProblems(path, what, file, { least: 1, most: MOST.file, oneLine: true });
    if (wrong.length > 0 || isPath(file)) return wrong;
    const say = `${what}, ${called(file)}, is no path from the repository's root; write it like \`src/login.ts\`.`;
    return [{ path, say }];
  });
}

/** Whether `file` is a path within the repository, as git writes them; a folder may end in `/`. */
function isPath(file: string): boolean {
  return !/^\/|\\|\/\/|(?:^|\/)\.{1,2}(?:\/|$)/.test(file);
}

function edgeProblems(tasks: PlanTask[], at: number): Problem[] {
  const { id, after } = tasks[at]!;
  const others = tasks.map((each) => each.id).filter((each) => each !== id);
  return after.flatMap((before, n) => {
    const problem = (say: string) => [{ path: ["tasks", at, "after", n], say }];
    if (before === id) return problem(`${called(id)} comes after itself; remove it from its \`after\`.`);
    if (!others.includes(before)) {
      const meant = nearest(before, others);
      const hint = meant ? `did you mean ${called(meant)}?` : "remove it, or add that task.";
      return problem(`${called(id)} comes after ${called(before)}, which is no task; ${hint}`);
    }
    if (after.indexOf(before) === n) return [];
    return problem(`${called(id)} comes after ${called(before)} twice; keep one of them.`);
  });
}

/** Of tasks whose ids and edges are right, each by itself. */
function graphProblems(tasks: PlanTask[]): Problem[] {
  const [first, ...rest] = cycleIn(tasks) ?? [];
  if (first !== undefined) {
    const ring = [first, ...rest, first].map(called).join(" after ");
    const path = ["tasks", tasks.findIndex(({ id }) => id === first), "after"];
    return [{ path, say: `None of these could ever start: ${ring}; remove one of these edges.` }];
  }
  const before = ancestors(tasks);
  return tasks.flatMap(({ id, after }, at) =>
    after.flatMap((far, n) => {
      const near = after.find((each) => before.get(each)!.has(far));
      if (near === undefined) return [];
      const say = `${called(id)} comes after ${called(near)}, which comes after ${called(far)} already; remove ${called(far)} from the \`after\` of ${called(id)}.`;
      return [{ path: ["tasks", at, "after", n], say }];
    }),
  );
}

function lengthProblems(plan: Plan): Problem[] {
  const bytes = Buffer.byteLength(printPlan(plan));
  if (bytes <= MOST.yaml) return [];
  return [{ path: [], say: `The plan has ${bytes} bytes as YAML; shorten it to ${MOST.yaml}.` }];
}
