import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Octokit } from "@octokit/rest";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addLabels } from "./acts/labels.ts";
import { createIssue } from "./acts/issues.ts";
import { createPerson } from "./setup/people.ts";
import { createRepository } from "./setup/repositories.ts";
import { withToken } from "./stage.ts";
import { startTwin } from "./twin.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "twin-state-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("a twin goes on where it was ended", async () => {
  const first = await startTwin({ dir });
  const ada = createPerson(first.world, "ada");
  const repository = await createRepository(first.world, {
    owner: ada.account,
    name: "sample",
    files: { "a.txt": "a\n" },
  });
  const issue = createIssue(first.world, ada.viewer, repository, { title: "Keep me" });
  addLabels(first.world, ada.viewer, issue, ["agent"]);
  await first.close();

  const second = await startTwin({ dir });
  try {
    const octokit = withToken(second, ada.token);
    const at = { owner: "ada", repo: "sample" };
    const { data } = await octokit.rest.issues.get({ ...at, issue_number: 1 });
    expect(data).toMatchObject({ title: "Keep me", labels: [{ name: "agent" }] });
    expect((await octokit.rest.repos.getContent({ ...at, path: "a.txt" })).data).toMatchObject({
      content: "YQo=\n",
    });
    const { data: next } = await octokit.rest.issues.create({ ...at, title: "Next" });
    expect(next.number).toBe(2);
    expect(next.id).toBeGreaterThan(data.id);
  } finally {
    await second.close();
  }
});

test("GitHub can be slow, and can refuse", async () => {
  const twin = await startTwin();
  try {
    const octokit = withToken(twin);
    twin.world.faults.delayMs = 100;
    const begun = Date.now();
    await octokit.rest.rateLimit.get();
    expect(Date.now() - begun).toBeGreaterThanOrEqual(100);
    twin.world.faults.refuse = ({ path }) =>
      path === "/rate_limit" ? { status: 502, body: { message: "Bad Gateway" } } : undefined;
    await expect(octokit.rest.rateLimit.get()).rejects.toMatchObject({ status: 502 });
    expect(twin.calls.map(({ status }) => status)).toEqual([200, 502]);
  } finally {
    await twin.close();
  }
});

test("npm run twin tells in one line all that a client needs, and the same when started again", async () => {
  const start = async (): Promise<{ known: Record<string, unknown>; login: unknown }> => {
    const child = spawn(process.execPath, [main, "--dir", dir], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [line] = (await once(child.stdout, "data")) as [Buffer];
      const { api, web, ...known } = JSON.parse(line.toString()) as Record<string, string> & {
        tokens: { reader: string };
      };
      const octokit = new Octokit({ baseUrl: api!, auth: known.tokens.reader });
      const { data } = await octokit.rest.users.getAuthenticated();
      expect(web).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(readFileSync(known["privateKeyPath"]!, "utf8")).toContain("PRIVATE KEY");
      return { known, login: data.login };
    } finally {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
  };
  const first = await start();
  expect(first.login).toBe("rita");
  expect(await start()).toEqual(first);
});
