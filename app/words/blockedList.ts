import { blockedWords } from "./blocked.ts";
import type { Blocked } from "./blocked.ts";

/** The most that is quoted of each of several reasons: twelve of them are still read. */
const QUOTED = 300;

/** Everything that needs a person, the tasks with the same reason together; `task` is null for what is about no task. */
export function blockedList(items: { task: string | null; why: Blocked }[], issue: number): string {
  const groups = [...Map.groupBy(items, ({ why }) => JSON.stringify(why)).values()];
  const most = groups.length > 1 ? { quoted: QUOTED } : {};
  return groups
    .map((group) => {
      const tasks = group.flatMap(({ task }) => (task === null ? [] : [task]));
      const words = blockedWords(group[0]!.why, issue, tasks, most.quoted);
      return tasks.length === 0 ? words : `${tasks.map((task) => `**${task}**`).join(", ")}: ${words}`;
    })
    .join("\n\n");
}
