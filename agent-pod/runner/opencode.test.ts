import { LLMock } from "@copilotkit/aimock";
import { afterEach, beforeEach, expect, test } from "vitest";

import { briefFor, makeWorld, startRunner } from "./testing/world.ts";
import type { World } from "./testing/world.ts";

const REPORT = {
  title: "Add instead of subtracting",
  what: "It adds.",
  why: "It was wrong.",
  tested: "node",
  answers: {},
};

let world: World;
let mock: LLMock;
beforeEach(async () => {
  world = await makeWorld();
  mock = new LLMock({ port: 0 });
  await mock.start();
  world.door.llm = mock.url;
});
afterEach(async () => {
  await mock.stop();
  await world.close();
});

test("opencode reads the brief and AGENTS.md, works with its tools, runs no plugin, and its report is the outcome", async () => {
  const sha = world.commit("main", {
    "AGENTS.md": "Always use a plus sign.\n",
    ".opencode/plugin/evil.ts":
      'import { writeFileSync } from "node:fs";\nwriteFileSync("evil.txt", "ran");\n',
    ".opencode/opencode.json": '{"model":"llm/other"}',
  });
  mock.on(
    { predicate: (request) => request.messages.some((message) => message.role === "tool") },
    { content: `Done.\n\n\`\`\`json\n${JSON.stringify(REPORT)}\n\`\`\`` },
  );
  const command = "sed -i 's/a - b/a + b/' src/add.js";
  mock.on(
    { predicate: () => true },
    { toolCalls: [{ name: "bash", arguments: { command, description: "Mend add" } }] },
  );

  const ran = await startRunner(world, briefFor(world, { base: { branch: "main", sha } }), null).ended;

  const { answers: _, ...said } = REPORT;
  expect(ran.outcome).toEqual({ kind: "pushed", ...said });
  expect(world.git("diff", "--stat", "main", "agent/12/add")).toContain("src/add.js");
  expect(world.git("diff", "--name-only", "main", "agent/12/add")).toBe("src/add.js");
  expect(ran.lines).toContainEqual(expect.objectContaining({ kind: "tool", text: command }));
  const bodies = mock.getRequests().map((request) => JSON.stringify(request.body));
  expect(bodies).toHaveLength(2);
  expect(bodies[0]).toContain('"model":"scripted"');
  expect(bodies[0]).toContain("`add(1, 2)` is -1.");
  expect(bodies[0]).toContain("Always use a plus sign.");
});
