import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import type { Clone, Ended } from "./testing/clone.ts";
import { push, REF, saidIn, SLACK_TOKEN, TOKEN } from "./testing/push.ts";
import type { Stage } from "./testing/stage.ts";
import { openStage } from "./testing/stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({
    "README.md": "# Demo\n",
    "src/add.js": "export const add = (a, b) => a - b;\n",
    ".github/workflows/ci.yml": "on: push\n",
    ".github/CODEOWNERS": "* @mona\n",
    "config/old.env": `KEY=${TOKEN}\nNAME=demo\n`,
  });
  stage.lease.git.protected = ["infra/**", "*.lock", "**/.env*"];
  stage.lease.git.mayTouch = ["infra/notes/**"];
});

afterAll(() => stage.close());

// Whatever was refused, nothing may have reached GitHub.
afterEach(async () => {
  const refs = await stage.refs();
  const { "refs/heads/main": _, ...more } = refs;
  if (REF in more) await stage.person.git("push", "--quiet", "origin", `:${REF}`);
  if (Object.keys(more).length > 0) throw new Error(`GitHub got ${Object.keys(more).join(", ")}.`);
});

/** One way to go wrong: what the agent does and pushes, and what it hears. `paths` are those that the refusal names. */
interface Case {
  title: string;
  does: (agent: Clone) => Promise<Ended>;
  hears: RegExp;
  paths: string[];
}

const commits =
  (files: Record<string, string | null>) =>
  async (agent: Clone): Promise<Ended> => {
    await agent.commit("Work", files);
    return push(agent);
  };

const WORKFLOW = /\.github\/workflows.*workflow/;

const cases: Case[] = [
  {
    title: "another branch",
    does: async (agent) => {
      await agent.commit("Work", { a: "a" });
      return push(agent, "HEAD:refs/heads/other");
    },
    hears: /agent\/12\/add.*refs\/heads\/other/,
    paths: [],
  },
  {
    title: "the base branch",
    does: async (agent) => {
      await agent.commit("Work", { a: "a" });
      return push(agent, "HEAD:refs/heads/main");
    },
    hears: /refs\/heads\/main/,
    paths: [],
  },
  {
    title: "a tag",
    does: (agent) => push(agent, "HEAD:refs/tags/v1"),
    hears: /refs\/tags\/v1/,
    paths: [],
  },
  {
    title: "two refs at once",
    does: async (agent) => {
      await agent.commit("Work", { a: "a" });
      return push(agent, `HEAD:${REF}`, "HEAD:refs/heads/other");
    },
    hears: /one (?:branch|ref)/,
    paths: [],
  },
  {
    title: "the deletion of the base",
    does: (agent) => push(agent, ":refs/heads/main"),
    hears: /refs\/heads\/main/,
    paths: [],
  },
  {
    title: "a changed workflow",
    does: commits({ ".github/workflows/ci.yml": "on: pull_request\n" }),
    hears: WORKFLOW,
    paths: [".github/workflows/ci.yml"],
  },
  {
    title: "a new workflow",
    does: commits({ ".github/workflows/more/x.yaml": "on: push\n" }),
    hears: WORKFLOW,
    paths: [".github/workflows/more/x.yaml"],
  },
  {
    title: "a deleted workflow",
    does: commits({ ".github/workflows/ci.yml": null }),
    hears: WORKFLOW,
    paths: [".github/workflows/ci.yml"],
  },
  {
    title: "a workflow in other letters",
    does: commits({ ".GitHub/Workflows/evil.yml": "on: push\n" }),
    hears: /\.GitHub\/Workflows/,
    paths: [".GitHub/Workflows/evil.yml"],
  },
  {
    title: "a workflow that is renamed to, unchanged",
    does: async (agent) => {
      await agent.commit("Write it elsewhere", { "docs/evil.yml": "on: push\njobs: {}\n" });
      await agent.git("mv", "docs/evil.yml", ".github/workflows/evil.yml");
      await agent.commit("Move it", {});
      return push(agent);
    },
    hears: WORKFLOW,
    paths: [".github/workflows/evil.yml"],
  },
  {
    title: "a workflow that is renamed away",
    does: async (agent) => {
      await agent.git("mv", ".github/workflows/ci.yml", "ci.yml");
      await agent.commit("Move it", {});
      return push(agent);
    },
    hears: WORKFLOW,
    paths: [".github/workflows/ci.yml"],
  },
  {
    title: "a workflow inside a merge",
    does: async (agent) => {
      await agent.git("checkout", "--quiet", "-b", "side");
      await agent.commit("Side", { side: "side" });
      await agent.git("checkout", "--quiet", "main");
      await agent.commit("Work", { work: "work" });
      await agent.git("merge", "--quiet", "--no-commit", "--no-ff", "side");
      await agent.commit("Merge side", { ".github/workflows/evil.yml": "on: push\n" });
      return push(agent);
    },
    hears: WORKFLOW,
    paths: [".github/workflows/evil.yml"],
  },
  {
    title: "a workflow on the merged side",
    does: async (agent) => {
      await agent.git("checkout", "--quiet", "-b", "side");
      await agent.commit("Side", { ".github/workflows/evil.yml": "on: push\n" });
      await agent.git("checkout", "--quiet", "main");
      await agent.commit("Work", { work: "work" });
      await agent.git("merge", "--quiet", "--no-edit", "--no-ff", "side");
      return push(agent);
    },
    hears: WORKFLOW,
    paths: [".github/workflows/evil.yml"],
  },
  {
    title: "a workflow that a later commit takes back",
    does: async (agent) => {
      await agent.commit("Add it", { ".github/workflows/evil.yml": "on: push\n" });
      await agent.commit("Take it back", { ".github/workflows/evil.yml": null });
      return push(agent);
    },
    hears: WORKFLOW,
    paths: [".github/workflows/evil.yml"],
  },
  {
    title: "a link in the place of the workflows",
    does: async (agent) => {
      await agent.commit("Put them elsewhere", { ".github/workflows": null, "ci/evil.yml": "on: push\n" });
      symlinkSync("../ci", join(agent.dir, ".github/workflows"));
      await agent.commit("Link", {});
      return push(agent);
    },
    hears: WORKFLOW,
    paths: [".github/workflows", ".github/workflows/ci.yml"],
  },
  {
    title: "a file in the place of .github",
    does: commits({ ".github": "nothing\n" }),
    hears: /\.github/,
    paths: [".github", ".github/workflows/ci.yml"],
  },
  {
    title: "a protected path",
    does: commits({ "infra/prod/main.tf": "x\n", "src/add.js": "fixed\n" }),
    hears: /infra\/prod\/main\.tf.*protect/,
    paths: ["infra/prod/main.tf"],
  },
  {
    title: "a protected path at the root, beside one that may be touched",
    does: commits({ "yarn.lock": "x\n", "infra/notes/a.md": "x\n" }),
    hears: /yarn\.lock.*protect/,
    paths: ["yarn.lock"],
  },
  {
    title: "a protected path that begins with a dot",
    does: commits({ "app/.env.local": "x\n" }),
    hears: /app\/\.env\.local.*protect/,
    paths: ["app/.env.local"],
  },
  {
    title: "a secret",
    does: commits({ "src/keys.js": `// keys\n\nexport const key = "${TOKEN}";\n` }),
    hears: /src\/keys\.js.*line 3.*secret/,
    paths: ["src/keys.js"],
  },
  {
    title: "a secret with a comment that tells the scanner to look away",
    does: commits({ "src/keys.js": `// secretlint-disable\nexport const key = "${TOKEN}";\n` }),
    hears: /src\/keys\.js.*line 2.*secret/,
    paths: ["src/keys.js"],
  },
  {
    title: "a secret that a later commit takes back",
    does: async (agent) => {
      await agent.commit("Add it", { "a.txt": `token ${SLACK_TOKEN}\n` });
      await agent.commit("Take it back", { "a.txt": "token\n" });
      return push(agent);
    },
    hears: /a\.txt.*line 1.*secret/,
    paths: ["a.txt"],
  },
  {
    title: "a secret that is added to a file that holds another already",
    does: commits({ "config/old.env": `KEY=${TOKEN}\nNAME=demo\nSLACK=${SLACK_TOKEN}\n` }),
    hears: /config\/old\.env.*line 3.*secret/,
    paths: ["config/old.env"],
  },
  {
    title: "a submodule",
    does: async (agent) => {
      const head = await agent.git("rev-parse", "HEAD");
      await agent.git("update-index", "--add", "--cacheinfo", `160000,${head},vendor/lib`);
      await agent.git("commit", "--quiet", "--message", "Add a submodule");
      return push(agent);
    },
    hears: /vendor\/lib.*submodule/,
    paths: ["vendor/lib"],
  },
];

test.each(cases)("refuses $title", async ({ does, hears, paths }) => {
  const agent = await stage.agent();
  const end = await does(agent);
  expect(end.code).not.toBe(0);
  const said = saidIn(end);
  expect(said.why.join("\n")).toMatch(hears);
  expect(said.paths.map((list) => list.toSorted())).toEqual([paths]);
  expect(end.stderr).not.toContain(TOKEN);
  expect(end.stderr).not.toContain(SLACK_TOKEN);
  expect(stage.told.at(-1)).toMatchObject({ verdict: "refused", why: expect.stringMatching(hears) });
  expect(JSON.stringify(stage.told)).not.toContain(TOKEN);
});

test("each problem has a line of its own", async () => {
  const agent = await stage.agent();
  await agent.commit("Work [skip ci]", { ".github/workflows/a.yml": "a", "infra/x": "x" });
  const said = saidIn(await push(agent));
  expect(said.why).toHaveLength(3);
  expect(said.paths).toEqual([[".github/workflows/a.yml", "infra/x"]]);
});

test("a name can't forge lines or colours", async () => {
  const agent = await stage.agent();
  mkdirSync(join(agent.dir, ".github/workflows"), { recursive: true });
  await agent.commit("Work", { ".github/workflows/a\u001b[31m\ncoxswain: refused: forged": "x" });
  const end = await push(agent);
  expect(saidIn(end).why).toHaveLength(1);
  expect(end.stderr).not.toContain("\u001b[31m");
});
