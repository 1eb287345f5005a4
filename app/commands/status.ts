import { alone } from "./command.ts";
import type { CommandFile } from "./command.ts";

export const command: CommandFile<{ kind: "status" }> = {
  name: "status",
  grammar: "/agent status",
  who: "write",
  help: "Says what is going on, and what comes next.",
  examples: ["/agent status"],
  parse: alone("status"),
};
