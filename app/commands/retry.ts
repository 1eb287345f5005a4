import { taskIn } from "./command.ts";
import type { CommandFile } from "./command.ts";

export const command: CommandFile<{ kind: "retry"; task: string | null }> = {
  name: "retry",
  grammar: "/agent retry [task]",
  who: "write",
  help: "Tries again what is blocked, or that task alone, with its count of attempts and rounds starting anew.",
  examples: ["/agent retry", "/agent retry login"],
  parse(args) {
    const task = args === "" ? null : taskIn(args);
    if (args !== "" && task === null) return { kind: "wrong", say: "doesn't name one task as the plan does" };
    return { kind: "retry", task };
  },
};
