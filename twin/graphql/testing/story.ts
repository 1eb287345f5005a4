import { createCheckRun } from "../../acts/checks.ts";
import { createComment, deleteComment, editComment } from "../../acts/comments.ts";
import { createCommit, writeFile } from "../../acts/contents.ts";
import {
  assign,
  closeIssue,
  createIssue,
  editIssue,
  reopenIssue,
  setLock,
  unassign,
} from "../../acts/issues.ts";
import { addLabels, createLabel, removeLabel } from "../../acts/labels.ts";
import { replyToThread } from "../../acts/lineComments.ts";
import { mergePull } from "../../acts/merge.ts";
import {
  changeBase,
  createPull,
  removeReviewRequests,
  requestReviewers,
  setDraft,
} from "../../acts/pulls.ts";
import { react } from "../../acts/reactions.ts";
import { createRef, deleteRef, updateRef } from "../../acts/refs.ts";
import { createReview, dismissReview } from "../../acts/reviews.ts";
import { createStatus } from "../../acts/statuses.ts";
import { readCommit } from "../../git/objects.ts";
import { readRef } from "../../git/refs.ts";
import { gitDir } from "../../git/run.ts";
import type { Issue, Pull } from "../../model.ts";
import { childrenOf } from "../../table.ts";
import type { Town } from "./town.ts";

/** What happened in a town: an issue with a history, and a pull request for it with reviews, threads, checks. */
export interface Story {
  town: Town;
  issue: Issue;
  pull: Pull;
  mainSha: string;
}

/** Tells the story; everything in it happens by the twin's acts. */
export async function tellStory(town: Town): Promise<Story> {
  await push(town, "main", { "README.md": "# Tool\n", "src/index.ts": lines(40) });
  const issue = reportIssue(town);
  const pull = await openPull(town);
  await reviewPull(town, pull);
  await checkPull(town, pull);
  await mergeAnother(town);
  const mainSha = (await readRef(gitDir(town.world, town.repository), "refs/heads/main"))!;
  return { town, issue, pull, mainSha };
}

/** Commits files to a branch, one commit each. */
export async function push(
  { world, repository, as }: Town,
  branch: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = { path, content: Buffer.from(content), message: `Write ${path}`, branch };
    await writeFile(world, as("mia"), repository, file);
  }
}

/** So many lines that each tell their number. */
export function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join("");
}

function reportIssue({ world, repository, as, asApp }: Town): Issue {
  const label = { color: "d73a4a", description: "Something isn't working" };
  for (const name of ["bug", "agent", "docs"]) createLabel(world, as("ada"), repository, { ...label, name });
  const issue = createIssue(world, as("rex"), repository, { title: "It brakes", body: "See the log." });
  addLabels(world, as("mia"), issue, ["bug", "agent", "docs"]);
  removeLabel(world, as("mia"), issue, "docs");
  editIssue(world, as("rex"), issue, { title: "It breaks", body: "See the log, line 3." });
  assign(world, as("mia"), issue, ["mia", "tom", "ada"]);
  unassign(world, as("mia"), issue, ["ada"]);
  const comments = ["First", "Second", "Third"].map((body) => createComment(world, as("mia"), issue, body));
  editComment(world, as("mia"), comments[0]!, "First, mended");
  editComment(world, as("ada"), comments[0]!, "First, mended twice");
  createComment(world, asApp(), issue, "I'm on it.");
  for (const [login, content] of [
    ["mia", "+1"],
    ["tom", "+1"],
    ["rex", "+1"],
    ["rex", "rocket"],
  ] as const)
    react(world, as(login), issue, content);
  react(world, asApp(), issue, "eyes");
  closeIssue(world, as("mia"), issue, "not_planned");
  reopenIssue(world, as("mia"), issue);
  setLock(world, as("ada"), issue, true);
  setLock(world, as("ada"), issue, false);
  return issue;
}

async function openPull(town: Town): Promise<Pull> {
  const { world, repository, as, asApp } = town;
  const main = (await readRef(gitDir(world, repository), "refs/heads/main"))!;
  await createRef(world, as("mia"), repository, { ref: "refs/heads/fix", sha: main });
  await createRef(world, as("mia"), repository, { ref: "refs/heads/next", sha: main });
  await push(town, "fix", { "src/a.ts": lines(20), "src/b.ts": lines(5), "docs/c.md": lines(3) });
  const pull = await createPull(world, asApp(), repository, {
    title: "Mend it",
    body: "Closes #1",
    head: "fix",
    base: "next",
    draft: true,
  });
  await changeBase(world, as("mia"), pull, "main");
  setDraft(world, as("mia"), pull, false);
  setDraft(world, as("mia"), pull, true);
  setDraft(world, as("mia"), pull, false);
  requestReviewers(world, as("mia"), pull, ["ada", "rex", "tom", "mia"]);
  removeReviewRequests(world, as("mia"), pull, ["mia"]);
  const issue = world.state.issues.rows.get(pull.issueId)!;
  addLabels(world, as("mia"), issue, ["bug", "agent"]);
  for (const body of ["One", "Two", "Three"]) createComment(world, as("tom"), issue, body);
  return pull;
}

/** A second pull request, whose branch is changed by force, and that is merged. */
async function mergeAnother(town: Town): Promise<void> {
  const { world, repository, as } = town;
  const dir = gitDir(world, repository);
  const main = (await readRef(dir, "refs/heads/main"))!;
  await createRef(world, as("mia"), repository, { ref: "refs/heads/other", sha: main });
  await push(town, "other", { "o.txt": "o\n" });
  const pull = await createPull(world, as("mia"), repository, {
    title: "Another",
    head: "other",
    base: "main",
  });
  const before = (await readRef(dir, "refs/heads/other"))!;
  const { treeSha } = (await readCommit(dir, before))!;
  const again = { tree: treeSha, parents: [main], message: "Write o.txt again" };
  const { sha } = await createCommit(world, as("mia"), repository, again);
  await updateRef(world, as("mia"), repository, { ref: "refs/heads/other", sha, force: true });
  const comment = createComment(world, as("mia"), world.state.issues.rows.get(pull.issueId)!, "Oops");
  deleteComment(world, as("mia"), comment);
  await mergePull(world, as("mia"), pull, { method: "merge" });
  await deleteRef(world, as("mia"), repository, "refs/heads/other");
}

async function reviewPull({ world, as }: Town, pull: Pull): Promise<void> {
  const places = [2, 5, 9].map((line) => ({ path: "src/a.ts", line, body: `About line ${line}` }));
  const asked = { event: "REQUEST_CHANGES", body: "Not yet", comments: places } as const;
  const first = await createReview(world, as("ada"), pull, asked);
  const [thread] = childrenOf(world.state.threads, pull.id);
  replyToThread(world, as("mia"), thread!, { body: "Why?" });
  replyToThread(world, as("ada"), thread!, { body: "Because." });
  await createReview(world, as("mia"), pull, { event: "APPROVE", body: "Fine" });
  await createReview(world, as("tom"), pull, { event: "APPROVE" });
  dismissReview(world, as("ada"), first, "It is fine now");
}

async function checkPull({ world, repository, as, asApp }: Town, pull: Pull): Promise<void> {
  const annotation = {
    startColumn: 1,
    endColumn: 3,
    level: "failure",
    title: "Wrong",
    rawDetails: null,
  } as const;
  const annotations = [2, 3, 4].map((line) => ({
    ...annotation,
    path: "src/a.ts",
    startLine: line,
    endLine: line,
    message: `line ${line} is wrong`,
  }));
  for (const name of ["build", "lint", "unit"]) {
    const conclusion = name === "unit" ? ("failure" as const) : ("success" as const);
    const output = { title: name, summary: `${name} ran`, text: null };
    const run = { name, headSha: pull.headSha, conclusion, output, annotations };
    await createCheckRun(world, asApp(), repository, run);
  }
  for (const context of ["ci/one", "ci/two", "ci/three"]) {
    const status = { sha: pull.headSha, state: "success", context, targetUrl: "http://ci.test" };
    await createStatus(world, as("mia"), repository, status);
  }
}
