import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

import { expect, test } from "vitest";

import { PLAYS } from "../../twin/demo/plays.ts";
import { tellStory } from "../../twin/demo/story.ts";
import { useWorld } from "./world.ts";

const world = useWorld({
  repositories: { teatime: filesIn(PLAYS.task.sample) },
  checked: ["teatime"],
});

test("an issue is labelled, worked on, checked, reviewed and merged, and nothing is left", async () => {
  const { github } = world();
  const cast = {
    api: github.api,
    owner: github.owner,
    repo: "teatime",
    maintainer: github.tokens.maintainer,
    reader: github.tokens.reader,
    tell: (step: string) => console.log(step),
    signal: AbortSignal.timeout(170_000),
  };
  const { issue, pull } = await tellStory(cast);
  expect(pull).toBeGreaterThan(issue);
  await world().isTidy();
});

test("a plan of three tasks in two waves is approved by 👍, worked on, and merged, and nothing is left", async () => {
  const body = "Write one.txt, two.txt, and of both three.txt.";
  const issue = await world().issue({ title: "Three files", body });
  expect(await issue.says("The plan as YAML")).toContain("3 tasks in 2 waves");
  await issue.approves("The plan as YAML");
  await issue.reaches("in review", 170);
  await issue.merge((await issue.pull("root")).number);
  await issue.reaches("done");
  // The third was made of what the first wave had left.
  expect(await issue.file("three.txt")).toBe("one.txt, by an agent\ntwo.txt, by an agent\n");
  expect(await issue.runs()).toEqual([
    ["plan", "1", "done"],
    ["implement first", "1", "done"],
    ["implement second", "1", "done"],
    ["implement both", "1", "done"],
  ]);
  await world().isTidy();
});

function filesIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [relative(folder, path), readFileSync(path, "utf8")]));
}
