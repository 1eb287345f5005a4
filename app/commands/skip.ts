import { taskIn } from "./command.ts";
import type { CommandFile } from "./command.ts";

export const command: CommandFile<{ kind: "skip"; task: string }> = {
  name: "skip",
  grammar: "/agent skip <task>",
  who: "write",
  help: "Leaves out a task of the plan; the tasks that wait for it go on without it.",
  examples: ["/agent skip docs"],
  parse(args) {
    if (args === "") return { kind: "wrong", say: "doesn't name a task" };
    const task = taskIn(args);
    return task ? { kind: "skip", task } : { kind: "wrong", say: "doesn't name one task as the plan does" };
  },
};
