import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCheckRun } from "../../acts/checks.ts";
import { writeFile } from "../../acts/contents.ts";
import { startThread } from "../../acts/lineComments.ts";
import { createPull } from "../../acts/pulls.ts";
import { createReview } from "../../acts/reviews.ts";
import { createStatus } from "../../acts/statuses.ts";
import type { Pull } from "../../model.ts";
import { at, tell } from "../testing/answers.ts";
import { branch, lines, push } from "../testing/steps.ts";
import { tellStory } from "../testing/story.ts";
import type { Story } from "../testing/story.ts";
import { buildTown } from "../testing/town.ts";

let story: Story;
beforeAll(async () => {
  story = await tellStory(await buildTown());
});
afterAll(() => story.town.leave());

const ofPull = async (selection: string, number = 4) => {
  const query = `{ repository(owner: "acme", name: "tool") { pullRequest(number: ${number}) { ${selection} } } }`;
  return at(await tell(story.town.world, story.town.asApp(), query), "repository.pullRequest");
};

/** A pull request of mia's from a branch of its own that writes these files. */
async function freshPull(name: string, files: Readonly<Record<string, string>>): Promise<Pull> {
  const { town } = story;
  await branch(town, name);
  await push(town, name, files);
  return createPull(town.world, town.as("mia"), town.repository, { title: name, head: name, base: "main" });
}

/** Writes a file of the branch `threads` anew. */
async function rewrite(path: string, content: string): Promise<void> {
  const { world, as, repository } = story.town;
  const query = `{ repository(owner: "acme", name: "tool") { object(expression: "threads:${path}") { oid } } }`;
  const sha = at(await tell(world, as("mia"), query), "repository.object.oid") as string;
  const file = { path, content: Buffer.from(content), message: "Rewrite", branch: "threads", sha };
  await writeFile(world, as("mia"), repository, file);
}

describe("a pull request", () => {
  it("tells its ends, its size and its files", async () => {
    const selection = `state isDraft headRefName headRefOid headRef { name } baseRefName baseRef { name } isCrossRepository
      headRepository { nameWithOwner } additions deletions changedFiles commits { totalCount }
      files(first: 9) { nodes { path additions deletions changeType } }`;
    const added = (path: string, additions: number) => ({
      path,
      additions,
      deletions: 0,
      changeType: "ADDED",
    });
    expect(await ofPull(selection)).toEqual({
      state: "OPEN",
      isDraft: false,
      headRefName: "fix",
      headRefOid: story.pull.headSha,
      headRef: { name: "fix" },
      baseRefName: "main",
      baseRef: { name: "main" },
      isCrossRepository: false,
      headRepository: { nameWithOwner: "acme/tool" },
      additions: 28,
      deletions: 0,
      changedFiles: 3,
      commits: { totalCount: 3 },
      files: { nodes: [added("docs/c.md", 3), added("src/a.ts", 20), added("src/b.ts", 5)] },
    });
  });

  it("that is merged tells by whom and as what, and has lost its branch", async () => {
    const selection =
      "state merged mergedBy { login } mergeable mergeStateStatus headRef { name } mergeCommit { parents(first: 3) { totalCount } } timelineItems(last: 1, itemTypes: [MERGED_EVENT]) { nodes { ... on MergedEvent { mergeRefName } } }";
    expect(await ofPull(selection, 7)).toEqual({
      state: "MERGED",
      merged: true,
      mergedBy: { login: "mia" },
      mergeable: "UNKNOWN",
      mergeStateStatus: "UNKNOWN",
      headRef: null,
      mergeCommit: { parents: { totalCount: 2 } },
      timelineItems: { nodes: [{ mergeRefName: "main" }] },
    });
  });

  it("merges as git says, and is held back by a conflict, a failed check, a protection", async () => {
    const { town } = story;
    const pull = await freshPull("clash", { "clash.txt": "mine\n" });
    const state = () => ofPull("mergeable mergeStateStatus", pull.number);
    expect(await state()).toEqual({ mergeable: "MERGEABLE", mergeStateStatus: "CLEAN" });
    const status = { sha: pull.headSha, state: "pending", context: "ci" };
    await createStatus(town.world, town.as("mia"), town.repository, status);
    expect(await state()).toEqual({ mergeable: "MERGEABLE", mergeStateStatus: "UNSTABLE" });
    town.repository.protections.push({ branch: "main", requiredChecks: ["ci"], requiredApprovals: 0 });
    expect(await state()).toEqual({ mergeable: "MERGEABLE", mergeStateStatus: "BLOCKED" });
    town.repository.protections.pop();
    await push(town, "main", { "clash.txt": "theirs\n" });
    expect(await state()).toEqual({ mergeable: "CONFLICTING", mergeStateStatus: "DIRTY" });
  });

  it("lists threads with their comments, and outdated ones as such", async () => {
    const { town } = story;
    const pull = await freshPull("threads", { "t.txt": lines(9) });
    await startThread(town.world, town.as("ada"), pull, { path: "t.txt", line: 3, body: "Here" });
    const selection = `reviewThreads(first: 9) { nodes { path line originalLine diffSide isOutdated isCollapsed isResolved comments(first: 9) { nodes { body outdated diffHunk pullRequestReview { state } author { login } } } } }`;
    expect(await ofPull(selection, pull.number)).toMatchObject({
      reviewThreads: {
        nodes: [
          {
            path: "t.txt",
            line: 3,
            originalLine: 3,
            diffSide: "RIGHT",
            isOutdated: false,
            isCollapsed: false,
            isResolved: false,
            comments: {
              nodes: [
                {
                  body: "Here",
                  outdated: false,
                  pullRequestReview: { state: "COMMENTED" },
                  author: { login: "ada" },
                },
              ],
            },
          },
        ],
      },
    });
    await rewrite("t.txt", lines(9).replace("line 3\n", "another\n"));
    expect(await ofPull(selection, pull.number)).toMatchObject({
      reviewThreads: {
        nodes: [
          {
            line: null,
            originalLine: 3,
            isOutdated: true,
            isCollapsed: true,
            comments: { nodes: [{ outdated: true }] },
          },
        ],
      },
    });
  });
});

describe("reviews", () => {
  it("each person's latest counts, and who is asked again has none", async () => {
    const selection = `reviews(first: 9) { nodes { state author { login } } } byAda: reviews(first: 9, author: "ada") { totalCount }
      approvals: reviews(first: 9, states: [APPROVED]) { totalCount } latestReviews(first: 9) { nodes { state author { login } } }
      latestOpinionatedReviews(first: 9, writersOnly: true) { nodes { state author { login } } }`;
    expect(await ofPull(selection)).toEqual({
      reviews: {
        nodes: [
          { state: "DISMISSED", author: { login: "ada" } },
          { state: "COMMENTED", author: { login: "mia" } },
          { state: "COMMENTED", author: { login: "ada" } },
          { state: "APPROVED", author: { login: "mia" } },
          { state: "APPROVED", author: { login: "tom" } },
        ],
      },
      byAda: { totalCount: 2 },
      approvals: { totalCount: 2 },
      latestReviews: {
        nodes: [
          { state: "COMMENTED", author: { login: "ada" } },
          { state: "APPROVED", author: { login: "mia" } },
          { state: "APPROVED", author: { login: "tom" } },
        ],
      },
      latestOpinionatedReviews: {
        nodes: [
          { state: "DISMISSED", author: { login: "ada" } },
          { state: "APPROVED", author: { login: "mia" } },
        ],
      },
    });
  });

  it("decide, by those who can write and what the branch demands", async () => {
    const { town } = story;
    const pull = await freshPull("decided", { "d.txt": "d\n" });
    const decision = async () => at(await ofPull("reviewDecision", pull.number), "reviewDecision");
    const review = (login: string, event: "APPROVE" | "REQUEST_CHANGES") =>
      createReview(town.world, town.as(login), pull, { event, body: "So" });
    expect(await decision()).toBeNull();
    town.repository.protections.push({ branch: "main", requiredChecks: [], requiredApprovals: 1 });
    expect(await decision()).toBe("REVIEW_REQUIRED");
    await review("rex", "APPROVE");
    expect(await decision()).toBe("REVIEW_REQUIRED");
    await review("ada", "REQUEST_CHANGES");
    expect(await decision()).toBe("CHANGES_REQUESTED");
    await review("ada", "APPROVE");
    expect(await decision()).toBe("APPROVED");
    town.repository.protections.pop();
  });
});

describe("checks", () => {
  const rollup = `commits(last: 1) { nodes { commit { statusCheckRollup { state contexts(first: 100) { checkRunCount statusContextCount nodes {
    __typename ... on CheckRun { name status conclusion isRequired(pullRequestNumber: 4) } ... on StatusContext { context state isRequired(pullRequestNumber: 4) } } } } } } }`;

  it("roll up to a failure as soon as one failed, and tell which are required", async () => {
    story.town.repository.protections.push({
      branch: "main",
      requiredChecks: ["unit", "ci/two"],
      requiredApprovals: 0,
    });
    const found = await ofPull(rollup);
    const run = (name: string, conclusion: string) => ({
      __typename: "CheckRun",
      name,
      status: "COMPLETED",
      conclusion,
      isRequired: name === "unit",
    });
    const status = (context: string) => ({
      __typename: "StatusContext",
      context,
      state: "SUCCESS",
      isRequired: context === "ci/two",
    });
    expect(at(found, "commits.nodes.0.commit.statusCheckRollup")).toEqual({
      state: "FAILURE",
      contexts: {
        checkRunCount: 3,
        statusContextCount: 3,
        nodes: [
          run("build", "SUCCESS"),
          run("lint", "SUCCESS"),
          run("unit", "FAILURE"),
          status("ci/one"),
          status("ci/two"),
          status("ci/three"),
        ],
      },
    });
    story.town.repository.protections.pop();
  });

  it("of one name count by the newest", async () => {
    const { world, repository, asApp } = story.town;
    const again = { name: "unit", headSha: story.pull.headSha };
    await createCheckRun(world, asApp(), repository, { ...again, status: "in_progress" });
    expect(at(await ofPull(rollup), "commits.nodes.0.commit.statusCheckRollup.state")).toBe("PENDING");
    await createCheckRun(world, asApp(), repository, { ...again, conclusion: "neutral" });
    expect(at(await ofPull(rollup), "commits.nodes.0.commit.statusCheckRollup.state")).toBe("SUCCESS");
    const suites = `commits(last: 1) { nodes { commit { checkSuites(first: 1) { nodes { app { slug } status conclusion
      latest: checkRuns(first: 9) { totalCount } all: checkRuns(first: 9, filterBy: { checkType: ALL }) { totalCount }
      failed: checkRuns(first: 9, filterBy: { checkType: ALL, conclusions: [FAILURE] }) { nodes { name summary annotations(first: 1) { totalCount nodes { message path annotationLevel location { start { line column } } } } } } } } } } }`;
    expect(at(await ofPull(suites), "commits.nodes.0.commit.checkSuites.nodes.0")).toEqual({
      app: { slug: "cox" },
      status: "COMPLETED",
      conclusion: "SUCCESS",
      latest: { totalCount: 3 },
      all: { totalCount: 5 },
      failed: {
        nodes: [
          {
            name: "unit",
            summary: "unit ran",
            annotations: {
              totalCount: 3,
              nodes: [
                {
                  message: "line 2 is wrong",
                  path: "src/a.ts",
                  annotationLevel: "FAILURE",
                  location: { start: { line: 2, column: 1 } },
                },
              ],
            },
          },
        ],
      },
    });
  });
});
