import { alone } from "./command.ts";
import type { CommandFile } from "./command.ts";

export const command: CommandFile<{ kind: "retry" }> = {
  name: "retry",
  grammar: "/agent retry",
  who: "write",
  help: "Tries again what is blocked, with its count of attempts and rounds starting anew.",
  examples: ["/agent retry"],
  parse: alone("retry"),
};
