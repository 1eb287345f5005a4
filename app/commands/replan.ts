import type { CommandFile } from "./command.ts";

const MOST = 2000;

export const command: CommandFile<{ kind: "replan"; change: string }> = {
  name: "replan",
  grammar: "/agent replan <what to change>",
  who: "write",
  help: "Makes a new plan from the one that stands and what the rest of the line says; it waits for approval.",
  examples: ["/agent replan Put the docs into the pull request of each task"],
  parse(change) {
    if (change === "") return { kind: "wrong", say: "doesn't say what to change" };
    if (change.length <= MOST) return { kind: "replan", change };
    return { kind: "wrong", say: `says more than the ${MOST} characters that command takes` };
  },
};
