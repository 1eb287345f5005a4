import { alone } from "./command.ts";
import type { CommandFile } from "./command.ts";

export const command: CommandFile<{ kind: "stop" }> = {
  name: "stop",
  grammar: "/agent stop",
  who: "write",
  help: "Ends what the agents are doing for this issue. Branches and pull requests stay as they are.",
  examples: ["/agent stop"],
  parse: alone("stop"),
};
