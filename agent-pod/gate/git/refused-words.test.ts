import { afterAll, beforeAll, expect, test } from "vitest";

import { push, saidIn, tip, TOKEN } from "./testing/push.ts";
import type { Stage } from "./testing/stage.ts";
import { openStage } from "./testing/stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ "src/add.js": "export const add = (a, b) => a - b;\n" });
});

afterAll(() => stage.close());

test.each([
  ...["[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]", "[Skip CI]"].map((words) => [
    `Mend add ${words}`,
    `"${words}" would skip the checks`,
  ]),
  ...["skip-checks:true", "skip-checks: true", "Skip-Checks: True"].map((trailer) => [
    `Mend add\n\nWith care.\n\n\n${trailer}`,
    `"${trailer}" would skip the checks`,
  ]),
  ...[
    "Closes #13",
    "fixed: #13",
    "RESOLVES GH-13",
    "Fixes octo/demo#13",
    "fix other/repo#12",
    "Resolve https://github.com/octo/demo/issues/12",
    "closes #123",
  ].map((words) => [`Mend add\n\n${words}`, `"${words}" would close an issue`]),
  ["Fixes #12, closes #13", `"closes #13" would close an issue`],
  ["Closes\n#13", `"Closes #13" would close an issue`],
  [`Mend add with ${TOKEN}`, "line 1 of its message holds a secret"],
])("refuses the message %j", async (message, why) => {
  const agent = await stage.agent();
  const sha = await agent.commit(message, { "src/add.js": "export const add = (a, b) => a + b;\n" });
  const end = await push(agent);
  expect(end.code).not.toBe(0);
  const said = saidIn(end);
  expect(said.why).toEqual([expect.stringContaining(`commit ${sha.slice(0, 10)}: ${why}`)]);
  expect(said.paths).toEqual([[]]);
  expect(end.stderr).not.toContain(TOKEN);
  expect(stage.told.at(-1)).toMatchObject({ verdict: "refused", why: expect.stringContaining(why) });
  expect(await tip(stage)).toBeUndefined();
});
