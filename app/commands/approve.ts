import { alone } from "./command.ts";
import type { CommandFile } from "./command.ts";

export const command: CommandFile<{ kind: "approve" }> = {
  name: "approve",
  grammar: "/agent approve",
  who: "write",
  help: "Approves the plan that waits, as 👍 on it and its box do; it counts only if it is newer than the plan's last change.",
  examples: ["/agent approve"],
  parse: alone("approve"),
};
