import type { Octokit } from "@octokit/rest";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asAppOctokit, setStage, withToken } from "../stage.ts";

type Stage = Awaited<ReturnType<typeof setStage>>;
let stage: Stage;
let mona: Octokit;
let bot: Octokit;
beforeEach(async () => {
  stage = await setStage();
  mona = withToken(stage.twin, stage.people.mona.token);
  bot = asAppOctokit(stage.twin, stage.app, stage.installation.id);
});
afterEach(() => stage.close());

/** A branch with one changed file, by the API alone. */
async function branch(
  name: string,
  { path = "src/sum.js", text = "export const sum = (a, b) => a + b;\n" } = {},
) {
  const { data: main } = await bot.rest.git.getRef({ ...stage.at, ref: "heads/main" });
  await bot.rest.git.createRef({ ...stage.at, ref: `refs/heads/${name}`, sha: main.object.sha });
  await write(name, { path, text });
}

async function write(name: string, { path, text }: { path: string; text: string }) {
  const existing = await bot.rest.repos.getContent({ ...stage.at, path, ref: name }).catch(() => undefined);
  const sha = existing && !Array.isArray(existing.data) ? { sha: existing.data.sha } : {};
  const content = Buffer.from(text).toString("base64");
  await bot.rest.repos.createOrUpdateFileContents({
    ...stage.at,
    path,
    branch: name,
    message: `Write ${path}`,
    content,
    ...sha,
  });
}

async function pull({ body = "", draft = false, head = "work" } = {}) {
  await branch(head);
  return (await bot.rest.pulls.create({ ...stage.at, title: "Add", head, base: "main", body, draft })).data;
}

describe("opening", () => {
  test("refuses what GitHub refuses", async () => {
    const create = (head: string, base = "main") =>
      bot.rest.pulls.create({ ...stage.at, title: "x", head, base });
    await expect(create("nowhere")).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('"field":"head"'),
    });
    await expect(create("main", "nowhere")).rejects.toMatchObject({
      message: expect.stringContaining('"field":"base"'),
    });
    const { data: main } = await bot.rest.git.getRef({ ...stage.at, ref: "heads/main" });
    await bot.rest.git.createRef({ ...stage.at, ref: "refs/heads/same", sha: main.object.sha });
    await expect(create("same")).rejects.toThrow("No commits between main and same");
    await pull();
    await expect(create("work")).rejects.toThrow("A pull request already exists for ada:work.");
  });

  test("tells what changed, and who asked", async () => {
    const created = await pull({ body: "Closes #1" });
    await stage.twin.idle();
    expect(created).toMatchObject({
      additions: 1,
      deletions: 1,
      changed_files: 1,
      commits: 1,
      user: { login: "tester[bot]" },
    });
    expect(stage.receiver.names().at(-1)).toBe("pull_request.opened");
    const { data: files } = await mona.rest.pulls.listFiles({ ...stage.at, pull_number: created.number });
    expect(files).toMatchObject([
      { filename: "src/sum.js", status: "modified", patch: expect.stringContaining("a + b") },
    ]);
    const { data: listed } = await mona.rest.pulls.list({ ...stage.at, head: "ada:work" });
    expect(listed.map(({ number }) => number)).toEqual([created.number]);
    expect((await mona.rest.pulls.list({ ...stage.at, head: "ada:other" })).data).toEqual([]);
  });

  test("isn't for who can only read", async () => {
    await branch("work");
    const rita = withToken(stage.twin, stage.people.rita.token);
    await expect(
      rita.rest.pulls.create({ ...stage.at, title: "x", head: "work", base: "main" }),
    ).rejects.toMatchObject({ status: 403 });
  });

  test("of a draft needs a repository that has drafts", async () => {
    stage.repository.drafts = false;
    await branch("work");
    await expect(
      bot.rest.pulls.create({ ...stage.at, title: "x", head: "work", base: "main", draft: true }),
    ).rejects.toThrow("Draft pull requests are not supported in this repository.");
  });
});

describe("merging", () => {
  test.each(["merge", "squash", "rebase"] as const)(
    "by %s brings the change and closes what it names",
    async (merge_method) => {
      const { data: issue } = await mona.rest.issues.create({ ...stage.at, title: "Sums are wrong" });
      const { number, head } = await pull({ body: `Closes #${issue.number}` });
      await stage.twin.idle();
      stage.receiver.received.length = 0;
      const { data: merged } = await mona.rest.pulls.merge({
        ...stage.at,
        pull_number: number,
        merge_method,
        sha: head.sha,
      });
      await stage.twin.idle();
      const { data: file } = await mona.rest.repos.getContent({ ...stage.at, path: "src/sum.js" });
      expect(Buffer.from((file as { content: string }).content, "base64").toString()).toContain("a + b");
      const { data: tip } = await mona.rest.repos.getCommit({ ...stage.at, ref: "main" });
      expect(tip.sha).toBe(merged.sha);
      expect(tip.parents).toHaveLength(merge_method === "merge" ? 2 : 1);
      expect((await mona.rest.issues.get({ ...stage.at, issue_number: issue.number })).data).toMatchObject({
        state: "closed",
        state_reason: "completed",
      });
      expect(stage.receiver.names().sort()).toEqual(["issues.closed", "pull_request.closed", "push"]);
      expect((await mona.rest.pulls.get({ ...stage.at, pull_number: number })).data).toMatchObject({
        merged: true,
        merged_by: { login: "mona" },
        merge_commit_sha: merged.sha,
      });
    },
  );

  test("into another branch than the default closes nothing", async () => {
    const { data: issue } = await mona.rest.issues.create({ ...stage.at, title: "Sums are wrong" });
    await branch("root", { path: "root.txt", text: "root\n" });
    await branch("work");
    const { data } = await bot.rest.pulls.create({
      ...stage.at,
      title: "x",
      head: "work",
      base: "root",
      body: `Closes #${issue.number}`,
    });
    await bot.rest.pulls.merge({ ...stage.at, pull_number: data.number });
    expect((await mona.rest.issues.get({ ...stage.at, issue_number: issue.number })).data.state).toBe("open");
  });

  test("is refused when the head moved, on a conflict, for a draft, and below the protections", async () => {
    const { number } = await pull();
    const merge = (extra: object = {}) =>
      mona.rest.pulls.merge({ ...stage.at, pull_number: number, ...extra });
    await expect(merge({ sha: "0".repeat(40) })).rejects.toMatchObject({ status: 409 });
    stage.repository.protections = [{ branch: "main", requiredChecks: ["ci"], requiredApprovals: 0 }];
    await expect(merge()).rejects.toThrow('Required status check "ci" is expected.');
    stage.repository.protections = [{ branch: "main", requiredChecks: [], requiredApprovals: 1 }];
    await expect(merge()).rejects.toThrow("At least 1 approving review is required");
    stage.repository.protections = [];
    await write("main", { path: "src/sum.js", text: "export const sum = null;\n" });
    expect((await mona.rest.pulls.get({ ...stage.at, pull_number: number })).data).toMatchObject({
      mergeable: false,
      mergeable_state: "dirty",
    });
    await expect(merge()).rejects.toMatchObject({
      status: 405,
      message: expect.stringContaining("Pull Request is not mergeable"),
    });
    const draft = await pull({ draft: true, head: "draft" });
    await expect(mona.rest.pulls.merge({ ...stage.at, pull_number: draft.number })).rejects.toThrow(
      "still a draft",
    );
  });

  test("says whose a commit is: a squash is the pull request's author's, a merge the merger's", async () => {
    const commits = [];
    for (const merge_method of ["squash", "merge"] as const) {
      const { number } = await pull({ head: merge_method });
      if (merge_method === "merge") await write("merge", { path: "more.txt", text: "more\n" });
      await write(merge_method, { path: `${merge_method}.txt`, text: "own\n" });
      const said = { commit_title: `Add (#${number})`, commit_message: "Both." };
      await mona.rest.pulls.merge({ ...stage.at, pull_number: number, merge_method, ...said });
      commits.push((await mona.rest.repos.getCommit({ ...stage.at, ref: "main" })).data.commit);
    }
    expect(commits).toMatchObject([
      { author: { name: "tester[bot]" }, committer: { name: "GitHub" }, message: "Add (#1)\n\nBoth." },
      { author: { name: "mona" }, committer: { name: "GitHub" }, message: "Add (#2)\n\nBoth." },
    ]);
  });

  test("of two at the same moment is refused, or happens after the other", async () => {
    const pulls: number[] = [];
    for (const head of ["one", "two", "three"]) {
      await branch(head, { path: `${head}.txt`, text: `${head}\n` });
      pulls.push((await bot.rest.pulls.create({ ...stage.at, title: head, head, base: "main" })).data.number);
    }
    const merge = (number: number) =>
      bot.rest.pulls.merge({ ...stage.at, pull_number: number, merge_method: "squash" });
    const results = await Promise.allSettled(pulls.map((number) => merge(number)));
    const refused = results.flatMap((each, at) =>
      each.status === "rejected" ? [{ number: pulls[at]!, error: each.reason as unknown }] : [],
    );
    expect(refused.length).toBeGreaterThan(0);
    for (const { number, error } of refused) {
      expect(error).toMatchObject({
        status: 405,
        message: expect.stringContaining("Base branch was modified. Review and try the merge again."),
      });
      await merge(number);
    }
    for (const path of ["one.txt", "two.txt", "three.txt"])
      await expect(mona.rest.repos.getContent({ ...stage.at, path })).resolves.toBeDefined();
  });

  test("needs write", async () => {
    const { number } = await pull();
    const rita = withToken(stage.twin, stage.people.rita.token);
    await expect(rita.rest.pulls.merge({ ...stage.at, pull_number: number })).rejects.toMatchObject({
      status: 403,
    });
  });

  test("deletes the branch where the repository says so, and only then can't be undone", async () => {
    stage.repository.deleteBranchOnMerge = true;
    const { number } = await pull();
    await mona.rest.pulls.merge({ ...stage.at, pull_number: number });
    await expect(mona.rest.git.getRef({ ...stage.at, ref: "heads/work" })).rejects.toMatchObject({
      status: 404,
    });
    await expect(
      mona.rest.pulls.update({ ...stage.at, pull_number: number, state: "open" }),
    ).rejects.toMatchObject({ status: 422 });
  });
});

describe("a base branch that is deleted", () => {
  const into = async (base: string) => {
    await branch("work");
    return (await bot.rest.pulls.create({ ...stage.at, title: "x", head: "work", base })).data.number;
  };
  const seen = async (pull_number: number) => (await mona.rest.pulls.get({ ...stage.at, pull_number })).data;

  test("closes what was to go into it", async () => {
    await branch("root", { path: "root.txt", text: "root\n" });
    const number = await into("root");
    await mona.rest.git.deleteRef({ ...stage.at, ref: "heads/root" });
    await stage.twin.idle();
    expect(await seen(number)).toMatchObject({ state: "closed", merged: false });
    expect(stage.receiver.names()).toContain("pull_request.closed");
  });

  test("after it was merged itself sends it where that went", async () => {
    await branch("root", { path: "root.txt", text: "root\n" });
    const number = await into("root");
    const { data: root } = await bot.rest.pulls.create({
      ...stage.at,
      title: "root",
      head: "root",
      base: "main",
    });
    await mona.rest.pulls.merge({ ...stage.at, pull_number: root.number, merge_method: "squash" });
    await mona.rest.git.deleteRef({ ...stage.at, ref: "heads/root" });
    await stage.twin.idle();
    expect(await seen(number)).toMatchObject({ state: "open", base: { ref: "main" } });
    expect(stage.receiver.names()).toContain("pull_request.edited");
  });
});

test("the base is merged into the head on request", async () => {
  const { number, head } = await pull();
  await write("main", { path: "other.txt", text: "other\n" });
  await bot.rest.pulls.updateBranch({ ...stage.at, pull_number: number, expected_head_sha: head.sha });
  const { data } = await mona.rest.pulls.get({ ...stage.at, pull_number: number });
  expect(data.head.sha).not.toBe(head.sha);
  expect(data).toMatchObject({ commits: 2, changed_files: 1, mergeable: true });
});

test("reviewers are asked, and answering takes the request away", async () => {
  const { number } = await pull();
  await bot.rest.pulls.requestReviewers({ ...stage.at, pull_number: number, reviewers: ["mona"] });
  const requested = async () =>
    (await mona.rest.pulls.listRequestedReviewers({ ...stage.at, pull_number: number })).data.users.map(
      ({ login }) => login,
    );
  expect(await requested()).toEqual(["mona"]);
  await expect(
    bot.rest.pulls.requestReviewers({ ...stage.at, pull_number: number, reviewers: ["sam"] }),
  ).rejects.toMatchObject({ status: 422 });
  await mona.rest.pulls.createReview({ ...stage.at, pull_number: number, event: "APPROVE" });
  expect(await requested()).toEqual([]);
});
