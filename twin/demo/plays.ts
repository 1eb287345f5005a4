import { fileURLToPath } from "node:url";

import type { CiJob } from "./ci.ts";
import type { Script } from "./model.ts";
import { script as planScript } from "./plan/script.ts";
import { script } from "./script.ts";

/** What a story is played with. */
interface Play {
  /** The folder of the sample repository. */
  sample: string;
  /** What its CI runs. */
  jobs: readonly CiJob[];
  script: Script;
}

const TEST: CiJob = {
  name: "test",
  command: ["node", "--test"],
  complaint: /^. (fail [1-9].*)$/m,
  at: { path: "test", line: 3 },
};

/** The stories' samples: of one issue that is one task, and of one that becomes a plan. */
export const PLAYS = {
  task: {
    sample: fileURLToPath(new URL("sample", import.meta.url)),
    jobs: [
      TEST,
      {
        name: "changelog",
        command: ["npm", "run", "-s", "changelog"],
        complaint: /^(CHANGELOG\.md:3: .*)$/m,
        at: { path: "CHANGELOG.md", line: 3 },
      },
    ],
    script,
  },
  plan: {
    sample: fileURLToPath(new URL("plan/sample", import.meta.url)),
    jobs: [
      TEST,
      {
        name: "exports",
        command: ["npm", "run", "-s", "exports"],
        complaint: /^(src\/index\.js:1: .*)$/m,
        at: { path: "src/index.js", line: 1 },
      },
    ],
    script: planScript,
  },
} as const satisfies Record<string, Play>;
