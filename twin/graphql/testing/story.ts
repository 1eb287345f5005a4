import { createComment, deleteComment, editComment } from "../../acts/comments.ts";
import { createCommit } from "../../acts/contents.ts";
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
import { mergePull } from "../../acts/merge.ts";
import { createPull } from "../../acts/pulls.ts";
import { react } from "../../acts/reactions.ts";
import { deleteRef, updateRef } from "../../acts/refs.ts";
import { readCommit } from "../../git/objects.ts";
import { readRef } from "../../git/refs.ts";
import { gitDir } from "../../git/run.ts";
import type { Issue, Pull } from "../../model.ts";
import { checkPull, openPull, reviewPull } from "./pullStory.ts";
import { applaud, branch, lines, push } from "./steps.ts";
import type { Town } from "./town.ts";

/** What happened in a town: an issue (#1) with a history, and a pull request (#4) for it with reviews, threads, checks. */
export interface Story {
  town: Town;
  issue: Issue;
  pull: Pull;
  mainSha: string;
}

/** Tells the story, by the twin's acts alone. Of nearly everything there are three or more, so that it has pages. */
export async function tellStory(town: Town): Promise<Story> {
  await push(town, "main", { "README.md": "# Tool\n", "src/index.ts": lines(40) });
  const issue = reportIssues(town);
  const pull = await openPull(town);
  await reviewPull(town, pull);
  await checkPull(town, pull);
  await mergeAnother(town);
  const mainSha = (await readRef(gitDir(town.world, town.repository), "refs/heads/main"))!;
  return { town, issue, pull, mainSha };
}

function reportIssues(town: Town): Issue {
  const { world, repository, as } = town;
  const label = { color: "d73a4a", description: "Something isn't working" };
  for (const name of ["bug", "agent", "docs", "help"])
    createLabel(world, as("ada"), repository, { ...label, name });
  const [issue] = ["It brakes", "It hangs", "It smells"].map((title) => {
    const each = createIssue(world, as("rex"), repository, { title, body: "See the log." });
    addLabels(world, as("mia"), each, ["bug", "agent", "help"]);
    return each;
  });
  discuss(town, issue!);
  return issue!;
}

function discuss(town: Town, issue: Issue): void {
  const { world, as, asApp } = town;
  addLabels(world, as("mia"), issue, ["docs"]);
  removeLabel(world, as("mia"), issue, "docs");
  editIssue(world, as("rex"), issue, { title: "It breaks", body: "See the log, line 3." });
  editIssue(world, as("rex"), issue, { body: "See the log, line 4." });
  assign(world, as("mia"), issue, ["mia", "tom", "ada", "rex"]);
  unassign(world, as("mia"), issue, ["rex"]);
  const comments = ["First", "Second", "Third"].map((body) => createComment(world, as("mia"), issue, body));
  editComment(world, as("mia"), comments[0]!, "First, mended");
  editComment(world, as("ada"), comments[0]!, "First, mended twice");
  createComment(world, asApp(), issue, "I'm on it.");
  applaud(town, issue);
  applaud(town, comments[0]!);
  react(world, asApp(), issue, "eyes");
  closeIssue(world, as("mia"), issue, "not_planned");
  reopenIssue(world, as("mia"), issue);
  setLock(world, as("ada"), issue, true);
  setLock(world, as("ada"), issue, false);
}

/** A pull request whose branch is changed by force, and that is merged; the branch goes. */
async function mergeAnother(town: Town): Promise<void> {
  const { world, repository, as } = town;
  const dir = gitDir(world, repository);
  const main = (await readRef(dir, "refs/heads/main"))!;
  await branch(town, "other");
  await push(town, "other", { "o.txt": "o\n" });
  const pull = await createPull(world, as("mia"), repository, {
    title: "Another",
    head: "other",
    base: "main",
  });
  addLabels(world, as("mia"), world.state.issues.rows.get(pull.issueId)!, ["bug"]);
  const { treeSha } = (await readCommit(dir, pull.headSha))!;
  const again = { tree: treeSha, parents: [main], message: "Write o.txt again" };
  const { sha } = await createCommit(world, as("mia"), repository, again);
  await updateRef(world, as("mia"), repository, { ref: "refs/heads/other", sha, force: true });
  const comment = createComment(world, as("mia"), world.state.issues.rows.get(pull.issueId)!, "Oops");
  deleteComment(world, as("mia"), comment);
  await mergePull(world, as("mia"), pull, { method: "merge" });
  await deleteRef(world, as("mia"), repository, "refs/heads/other");
}
