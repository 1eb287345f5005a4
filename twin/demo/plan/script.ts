import { readFileSync } from "node:fs";

import { call, lost, report, shell } from "../model.ts";
import type { Asked, Reply } from "../model.ts";
import { EDIT, ISSUE, PLAN } from "./words.ts";

/**
 * The model of the story of a plan. It looks at the repository before it writes, and for what a brief must hold: the
 * issue's words, the task as the maintainer edited it, what the tests printed, the conflict. Without it, it does nothing
 * useful; then the demo fails.
 */
export const script = ({ by, prompt, results }: Asked): Reply =>
  by === "planner" ? planner(prompt, results) : agent(prompt, results);

function planner(prompt: string, [index]: string[]): Reply {
  if (!prompt.includes(ISSUE.symptom)) return { content: "I was not told what the issue is." };
  if (index === undefined) return call("read", { path: "src/index.js" });
  if (!index.includes("parseDuration")) return { content: "I can't see what the library offers." };
  // Told that tasks of one wave touch the same file, it answers the same again: a line each in a list.
  return call("answer", { kind: "complex", ...PLAN });
}

function agent(prompt: string, results: string[]): Reply {
  if (prompt.startsWith("Before your work is pushed, the repository's tests were run, and failed"))
    return givesUp(prompt);
  if (prompt.includes("into this branch is under way and has conflicts in:"))
    return resolves(prompt, results);
  const [, title = "", body = ""] = /^## Your task\n\n(.*)\n\n([^]*?)(?=^## )/m.exec(prompt) ?? [];
  return does(title, body, results);
}

/** Its first try of the first task prints parts that are 0, and it doesn't see why that is wrong. */
function givesUp(prompt: string): Reply {
  if (!prompt.includes("1h5m0s")) return lost("I was not told what the tests printed.");
  return report({
    title: "Print durations as people write them",
    what: "`printDuration` gives `1h5m0s` where the test wants `1h5m`. I don't see which of them is right, and change nothing.",
    why: "",
    tested: "`node --test` fails.",
    answers: {},
  });
}

function resolves(prompt: string, [index, resolved]: string[]): Reply {
  if (!/^- src\/index\.js$/m.test(prompt)) return lost("I was not told what conflicts.");
  if (index === undefined) return shell("cat src/index.js");
  if (!/^<{7} [^]*^={7}$[^]*^>{7} /m.test(index)) return lost("I see no conflict in src/index.js.");
  if (resolved === undefined)
    return shell(
      `sed -i '/^[<=>|]\\{7\\}/d' src/index.js && LC_ALL=C sort -u -o src/index.js src/index.js && ${TESTS}`,
    );
  return report({
    title: "Keep the exports of both sides",
    what: "Both sides added a line to `src/index.js`. Both lines stay, sorted.",
    why: "They have nothing to do with each other.",
    tested: "`node --test` and `npm run exports`",
    answers: {},
  });
}

function does(title: string, body: string, [seen, written]: string[]): Reply {
  const work = WORK[title];
  if (!work) return lost("I was not told what to do.");
  if (seen === undefined) return shell("cat src/*.js");
  if (!work.needs.every((name) => seen.includes(name))) return lost("What I need isn't there yet.");
  if (written === undefined) return shell(work.command(body, seen));
  return report({ title, what: work.what, why: "", tested: "`node --test`", answers: {} });
}

interface Work {
  /** What it must see in the library first. */
  needs: string[];
  /** What it writes, as told by the task, where the library is as it was seen. */
  command(body: string, seen: string): string;
  what: string;
}

const TESTS = "npm run -s exports && node --test 2>&1 | tail -8";
const solution = (path: string): string => readFileSync(new URL(`solution/${path}`, import.meta.url), "utf8");
const write = (path: string, text: string): string => `cat > ${path} <<'END'\n${text}END`;
const exported = (line: string): string =>
  `echo '${line}' >> src/index.js && LC_ALL=C sort -u -o src/index.js src/index.js`;

/** Writes those files of the solution, and exports `name` from the first. */
const writes = (name: string, paths: string[]): string =>
  [
    ...paths.map((path) => write(path, solution(path))),
    exported(`export { ${name} } from "${paths[0]?.replace("src", ".")}";`),
    TESTS,
  ].join("\n");

/** By the tasks' titles, as they are after the maintainer's edit. */
const WORK: Record<string, Work> = {
  "Print durations as people write them": {
    needs: ["parseDuration"],
    command(_, seen) {
      const whole = writes("printDuration", ["src/print.js", "test/print.test.js"]);
      if (seen.includes("printDuration")) return whole;
      return whole.replace("if (amount > 0) text", "text").replace(TESTS, "node --check src/print.js");
    },
    what: "`printDuration` leaves out the parts that are 0, and prints `0s` where all are.",
  },
  [EDIT.title.to]: {
    needs: ["parseDuration"],
    command: (body) => {
      const told = [...body.matchAll(/^- (\w+): (\d+) minutes at (\d+) °C$/gm)];
      const teas = told.map(([, name, minutes, celsius]) => ({
        name,
        seconds: Number(minutes) * 60,
        celsius,
      }));
      const lines = teas.map(
        ({ name, seconds, celsius }) => `  ${name}: { seconds: ${seconds}, celsius: ${celsius} },\n`,
      );
      const asserts = teas.map(({ name, seconds }) => `  assert.equal(teas.${name}.seconds, ${seconds});\n`);
      return [
        write(
          "src/teas.js",
          `/** The teas, and how each is brewed. */\nexport const teas = {\n${lines.join("")}};\n`,
        ),
        write(
          "test/teas.test.js",
          `import assert from "node:assert/strict";\nimport { test } from "node:test";\n\nimport { teas } from "../src/index.js";\n\ntest("the teas are known", () => {\n${asserts.join("")}});\n`,
        ),
        exported('export { teas } from "./teas.js";'),
        TESTS,
      ].join("\n");
    },
    what: "`teas` holds black and green tea and rooibos, each with its seconds and its temperature.",
  },
  "Make a card for a tea": {
    needs: ["printDuration", "teas"],
    command: () => writes("brewCard", ["src/card.js", "test/card.test.js"]),
    what: "`brewCard` tells a tea's time and temperature in a line.",
  },
  "Make a timetable for several pots": {
    needs: ["teas"],
    command: () => writes("timetable", ["src/timetable.js", "test/timetable.test.js"]),
    what: "`timetable` starts the pot that takes longest, and the others later.",
  },
  "Show both on the command line": {
    needs: ["brewCard", "timetable"],
    command: () =>
      [
        "mkdir -p bin",
        ...["bin/teatime.js", "test/command.test.js"].map((path) => write(path, solution(path))),
        TESTS,
      ].join("\n"),
    what: "`teatime card` and `teatime timetable`.",
  },
};
