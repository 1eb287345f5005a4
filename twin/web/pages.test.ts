import { afterEach, beforeEach, expect, test } from "vitest";
import { createCheckRun } from "../acts/checks.ts";
import { createComment, editComment, minimizeComment } from "../acts/comments.ts";
import { writeFile } from "../acts/contents.ts";
import { closeIssue, createIssue } from "../acts/issues.ts";
import { addLabels, createLabel } from "../acts/labels.ts";
import { replyToThread } from "../acts/lineComments.ts";
import { mergePull } from "../acts/merge.ts";
import { createPull, requestReviewers } from "../acts/pulls.ts";
import { react } from "../acts/reactions.ts";
import { createRef } from "../acts/refs.ts";
import { createReview } from "../acts/reviews.ts";
import { createStatus } from "../acts/statuses.ts";
import { setResolved } from "../acts/threads.ts";
import { readRef } from "../git/refs.ts";
import { gitDir } from "../git/run.ts";
import type { Pull } from "../model.ts";
import { usualManifest, setStage } from "../stage.ts";
import { childrenOf } from "../table.ts";

type Stage = Awaited<ReturnType<typeof setStage>>;
let stage: Stage;
beforeEach(async () => {
  const permissions = { ...usualManifest.default_permissions, checks: "write", statuses: "write" } as const;
  stage = await setStage({ manifest: { ...usualManifest, default_permissions: permissions } });
});
afterEach(() => stage.close());

function get(path: string, token: string | null = stage.people.rita.token): Promise<Response> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${stage.world.urls.web}${path}`, { headers, redirect: "manual" });
}

/** A page's markup, and its text as a reader sees it: a line for each piece. */
async function open(path: string): Promise<{ markup: string; text: string }> {
  const response = await get(path);
  expect(response.status).toBe(200);
  const markup = await response.text();
  const body = markup.slice(markup.indexOf("<main>"));
  const text = body
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/&#x?([\da-f]+);/gi, (all, code: string) =>
      String.fromCodePoint(Number(all.includes("x") ? `0x${code}` : code)),
    )
    .replaceAll(/\s+/g, " ");
  return { markup, text };
}

async function openPull(): Promise<Pull> {
  const { world, repository, people, bot } = stage;
  const main = (await readRef(gitDir(world, repository), "refs/heads/main"))!;
  await createRef(world, people.mona.viewer, repository, { ref: "refs/heads/agent/1/sum", sha: main });
  const content = Buffer.from("export const sum = (a, b) => a + b;\n");
  const sha = await blobOf("src/sum.js");
  const write = { path: "src/sum.js", content, message: "Add with `+`\n\nMore.", branch: "agent/1/sum", sha };
  await writeFile(world, bot, repository, write);
  const asked = {
    title: "Add, don't subtract",
    body: "Closes #1",
    head: "agent/1/sum",
    base: "main",
    draft: true,
  };
  return createPull(world, bot, repository, asked);
}

async function blobOf(path: string): Promise<string> {
  const { urls } = stage.world;
  const response = await fetch(`${urls.api}/repos/ada/sample/contents/${path}`, {
    headers: { authorization: `Bearer ${stage.people.mona.token}` },
  });
  return ((await response.json()) as { sha: string }).sha;
}

test("an issue's page shows its state, its labels, and what was said, as GitHub renders it", async () => {
  const { world, repository, people, bot } = stage;
  createLabel(world, people.ada.viewer, repository, { name: "agent", color: "5319e7", description: "" });
  const body =
    "- [x] done\n- [ ] open\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\nfor @mona, as in #1, not @nobody or #99\nnext line";
  const issue = createIssue(world, people.mona.viewer, repository, { title: "Mend `sum`", body });
  addLabels(world, people.mona.viewer, issue, ["agent"]);
  const said = "<!-- marker -->\n<details><summary>More</summary>\n\n**Bold**\n\n</details>";
  const comment = createComment(world, bot, issue, said);
  editComment(world, bot, comment, `${said}\n\nEdited`);
  react(world, people.mona.viewer, comment, "+1");
  const spam = createComment(world, people.rita.viewer, issue, "Buy tea!");
  minimizeComment(world, people.ada.viewer, spam, "OFF_TOPIC");

  const { markup, text } = await open("/ada/sample/issues/1");
  expect(text).toContain("Mend sum #1 Open M mona opened this issue now · 2 comments Labels agent");
  expect(markup).toContain('<span class="label" style="background: #5319e7; color: #fff">agent</span>');
  expect(markup).toContain('<input type="checkbox" checked disabled> done');
  expect(markup).toContain('<input type="checkbox" disabled> open');
  expect(markup).toContain("<td>1</td>");
  expect(markup).toContain(
    'for <a href="/mona">@mona</a>, as in <a href="/ada/sample/issues/1">#1</a>, not @nobody or #99<br>',
  );
  expect(text).toMatch(/tester bot commented now · edited .*More Bold Edited 👍 1/);
  expect(markup).toMatch(/<details><summary>More<\/summary>\s*<p><strong>Bold<\/strong><\/p>/);
  expect(markup).not.toContain("marker");
  expect(text).toContain("This comment was marked as off-topic.");
  expect(text).toContain("mona added agent now");
});

test("a pull request's page shows its commits, reviews, threads and checks", async () => {
  const { world, repository, people, bot } = stage;
  createIssue(world, people.mona.viewer, repository, { title: "Sum", body: "" });
  const pull = await openPull();
  requestReviewers(world, bot, pull, ["mona"]);
  const comments = [{ path: "src/sum.js", line: 1, body: "Why `+`?" }];
  await createReview(world, people.mona.viewer, pull, {
    event: "REQUEST_CHANGES",
    body: "Not yet",
    comments,
  });
  const [thread] = childrenOf(world.state.threads, pull.id);
  replyToThread(world, bot, thread!, { body: "Because." });
  setResolved(world, people.mona.viewer, thread!, true);
  const output = { title: "2 tests failed", summary: "", text: null };
  await createCheckRun(world, bot, repository, {
    name: "unit",
    headSha: pull.headSha,
    conclusion: "failure",
    output,
  });
  const status = { sha: pull.headSha, state: "success", context: "ci/lint", description: "fine" } as const;
  await createStatus(world, bot, repository, status);

  const { markup, text } = await open(`/ada/sample/pull/${pull.number}`);
  expect(text).toMatch(
    /Add, don't subtract #2 Draft T tester bot wants to merge 1 commit into main from agent\/1\/sum \+1 −1/,
  );
  expect(markup).toContain('Closes <a href="/ada/sample/issues/1">#1</a>');
  expect(text).toMatch(/tester\[bot\] committed [\da-f]{7} Add with \+ /);
  expect(text).toMatch(/mona ± requested changes now .*Not yet/);
  expect(text).toMatch(
    /src\/sum\.js:1 Resolved .*-export const sum.*\+export const sum.*Why \+ \?.*Because\./,
  );
  // A reply is a review of its own to GitHub's API, and not to people.
  expect(text).not.toContain("tester bot reviewed");
  expect(text).toContain("mona marked this conversation as resolved");
  expect(text).toContain(
    "Some checks were not successful ✗ unit failure — 2 tests failed ✓ ci/lint success — fine",
  );
  expect(text).toContain("draft pull requests cannot be merged");
});

test("states have GitHub's words, and lists show open ones first", async () => {
  const { world, repository, people } = stage;
  const [first] = ["One", "Two", "Three"].map((title) =>
    createIssue(world, people.mona.viewer, repository, { title }),
  );
  closeIssue(world, people.mona.viewer, first!, "not_planned");
  const pull = await openPull();
  pull.draft = false;
  await mergePull(world, people.mona.viewer, pull, { method: "squash" });

  expect((await open("/ada/sample/issues")).text).toMatch(/Open Three .*Open Two .*Closed One/);
  expect((await open("/ada/sample/pulls")).text).toMatch(
    /Pull requests Merged Add, don't subtract #4 opened/,
  );
  expect((await open("/ada/sample/issues/1")).markup).toContain('class="state closed not_planned"');
  expect((await open("/ada/sample/pull/4")).text).toMatch(
    /M mona merged 1 commit into main.*mona merged commit [\da-f]{7} into main/,
  );
});

test("an address of the other kind, or of a repository, leads on", async () => {
  createIssue(stage.world, stage.people.mona.viewer, stage.repository, { title: "One" });
  const location = async (path: string): Promise<string | null> => (await get(path)).headers.get("location");
  expect(await location("/ada/sample/pull/1")).toBe("/ada/sample/issues/1");
  expect(await location("/ada/sample")).toBe("/ada/sample/issues");
});

test("what a person may not see isn't there, and nobody else's secret is on a page", async () => {
  const { world, repository, people, app } = stage;
  createIssue(world, people.mona.viewer, repository, { title: "Hush" });
  for (const token of [null, people.sam.token, "ghp_wrong"])
    for (const path of [
      "/ada/sample/issues/1",
      "/ada/sample/issues/2",
      "/ada/sample/issues",
      "/ada/none/issues",
    ]) {
      const response = await get(path, token);
      expect([path, response.status]).toEqual([path, token === people.sam.token ? 404 : 401]);
      expect(await response.text()).not.toContain("Hush");
    }

  const basic = `Basic ${Buffer.from(`x:${people.rita.token}`).toString("base64")}`;
  const response = await fetch(`${world.urls.web}/ada/sample/issues/1`, {
    headers: { authorization: basic },
  });
  const page = (await response.text()) + (await open("/ada/sample/issues")).markup;
  const secrets = [...world.state.tokens.rows.values()].map(({ secret }) => secret);
  for (const secret of [...secrets, app.webhookSecret, app.app.clientId]) expect(page).not.toContain(secret);
  expect(page).toContain("Hush");
});
