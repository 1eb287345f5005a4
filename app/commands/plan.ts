import { alone } from "./command.ts";
import type { CommandFile } from "./command.ts";

export const command: CommandFile<{ kind: "plan" }> = {
  name: "plan",
  grammar: "/agent plan",
  who: "write",
  help: "Asks for a plan of several tasks, which waits for approval, even where one task would do.",
  examples: ["/agent plan"],
  parse: alone("plan"),
};
