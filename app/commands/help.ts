import { alone } from "./command.ts";
import type { CommandFile } from "./command.ts";

export const command: CommandFile<{ kind: "help" }> = {
  name: "help",
  grammar: "/agent help",
  who: "write",
  help: "Lists the commands.",
  examples: ["/agent help"],
  parse: alone("help"),
};
