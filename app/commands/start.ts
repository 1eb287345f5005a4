import { alone } from "./command.ts";
import type { CommandFile } from "./command.ts";

export const command: CommandFile<{ kind: "start" }> = {
  name: "start",
  grammar: "/agent start",
  who: "write",
  help: "Hands this issue to the agents, as the label does; after `/agent stop` it goes on, after a merge it begins anew.",
  examples: ["/agent start"],
  parse: alone("start"),
};
