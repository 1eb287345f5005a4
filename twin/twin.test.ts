import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addLabels } from "./acts/labels.ts";
import { createIssue } from "./acts/issues.ts";
import { createPerson } from "./setup/people.ts";
import { createRepository } from "./setup/repositories.ts";
import { withToken } from "./stage.ts";
import { startTwin } from "./twin.ts";

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
