import { call, lost, report, shell } from "../../../twin/demo/model.ts";
import type { Asked, Reply } from "../../../twin/demo/model.ts";
import { script as story } from "../../../twin/demo/script.ts";
import { ISSUE } from "../../../twin/demo/words.ts";

/**
 * The model of the cluster's stories: of the demo's story of one issue, and of issues that say what is to be written.
 * `Write notes/a.txt.` is one task; `Write a.txt, b.txt, and of both c.txt.` is a plan of three tasks in two waves.
 */
export const script = (asked: Asked): Reply => {
  if (asked.prompt.includes(ISSUE.symptom)) return story(asked);
  return asked.by === "planner" ? planner(asked.prompt) : agent(asked);
};

function planner(prompt: string): Reply {
  const [, a = "", b = "", c] =
    /^Write ([\w./-]+), ([\w./-]+), and of both ([\w./-]+)\.$/m.exec(prompt) ?? [];
  if (c !== undefined) return call("answer", planOf(a, b, c));
  const [sentence, file] = /^Write ([\w./-]+)\.$/m.exec(prompt) ?? [];
  if (!sentence || !file) return { content: "I was not told what the issue is." };
  return call("answer", { kind: "simple", task: { id: "write", title: `Write ${file}`, body: sentence } });
}

function planOf(a: string, b: string, c: string): object {
  const task = (id: string, { file, after, body }: { file: string; after: string[]; body: string }) => ({
    id,
    title: `Write ${file}`,
    after,
    size: "small",
    files: [file],
    body,
    test: "look at the file",
  });
  return {
    kind: "complex",
    summary: "Two files, and one that is made of both.",
    tasks: [
      task("first", { file: a, after: [], body: `Write ${a}.` }),
      task("second", { file: b, after: [], body: `Write ${b}.` }),
      task("both", { file: c, after: ["first", "second"], body: `Write ${c} of ${a} and ${b}.` }),
    ],
  };
}

function agent({ prompt, results: [written] }: Asked): Reply {
  const [, task = ""] = /^## Your task\n\n([^]*?)(?=^## )/m.exec(prompt) ?? [];
  const [, file = "", of] = /^Write ([\w./-]+?)(?: of ([\w./-]+ and [\w./-]+?))?\.$/m.exec(task) ?? [];
  if (!file) return lost("I was not told what to write.");
  if (written === undefined) return shell(of ? `cat ${of.replace(" and ", " ")} > ${file}` : writes(file));
  if (written.includes("No such file")) return lost("What I need isn't there yet.");
  return report({
    title: `Write ${file}`,
    what: `Wrote \`${file}\`. ${"It says what it is. ".repeat(20)}`,
    why: "The issue asks for it.",
    tested: "`cat` shows it.",
    answers: {},
  });
}

const writes = (file: string): string =>
  `mkdir -p "$(dirname ${file})" && echo "${file}, by an agent" > ${file}`;
