import type { Plan } from "../app/plan/plan.ts";
import type { Random } from "../test/harness/random.ts";

/** A task of a made-up plan, and how long its agent takes. */
export interface TimedTask {
  id: string;
  after: string[];
  ms: number;
}

/** What a made-up plan is like; times in milliseconds. */
interface Shape {
  tasks: number;
  /** Each task waits for up to two of so many before it; 0: for none. */
  reach: number;
  least: number;
  most: number;
}

/** A random plan without cycles, in an order in which every task stands after those that it waits for. */
export function randomTasks(random: Random, { tasks, reach, least, most }: Shape): TimedTask[] {
  const made: TimedTask[] = [];
  for (let at = 0; at < tasks; at++) {
    const near = (reach === 0 ? [] : made.slice(-reach)).map(({ id }) => id);
    const picked = [0, 1].flatMap(() => near[random.upTo(near.length)] ?? []);
    made.push({ id: `task-${at + 1}`, after: [...new Set(picked)], ms: least + random.upTo(most - least) });
  }
  return made;
}

/** The chain of tasks that wait for one another which takes longest: its time in milliseconds, and how many they are. */
export function criticalPath(tasks: readonly TimedTask[]): { ms: number; length: number } {
  const longest = (paths: { ms: number; length: number }[]) =>
    paths.reduce((a, b) => (b.ms > a.ms ? b : a), { ms: 0, length: 0 });
  const ends = new Map<string, { ms: number; length: number }>();
  for (const { id, after, ms } of tasks) {
    const before = longest(after.flatMap((each) => ends.get(each) ?? []));
    ends.set(id, { ms: before.ms + ms, length: before.length + 1 });
  }
  return longest([...ends.values()]);
}

/** The plan as it would stand in the state. */
export const planOf = (tasks: readonly TimedTask[]): Plan => ({
  summary: "Made up for a benchmark.",
  tasks: tasks.map(({ id, after }) => ({
    id,
    title: `Do ${id}`,
    body: `What ${id} is about.`,
    files: [`${id}.md`],
    test: "",
    size: "small",
    after,
  })),
});
