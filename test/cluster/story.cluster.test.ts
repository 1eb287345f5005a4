import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

import { test } from "vitest";

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
  await tellStory(cast);
  await world().isTidy();
});

function filesIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [relative(folder, path), readFileSync(path, "utf8")]));
}
