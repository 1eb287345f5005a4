import { createCheckRun } from "../../acts/checks.ts";
import { createComment } from "../../acts/comments.ts";
import { assign, editIssue } from "../../acts/issues.ts";
import { addLabels } from "../../acts/labels.ts";
import { replyToThread } from "../../acts/lineComments.ts";
import {
  changeBase,
  createPull,
  removeReviewRequests,
  requestReviewers,
  setDraft,
} from "../../acts/pulls.ts";
import { createReview, dismissReview, editReview } from "../../acts/reviews.ts";
import { createStatus } from "../../acts/statuses.ts";
import { editReviewComment } from "../../acts/threads.ts";
import type { Pull } from "../../model.ts";
import { issueOfPull, threadComments } from "../../store.ts";
import { childrenOf } from "../../table.ts";
import { applaud, branch, lines, push } from "./steps.ts";
import type { Town } from "./town.ts";

/** The pull request from `fix`, and two more from the same branch into others. */
export async function openPull(town: Town): Promise<Pull> {
  const { world, repository, as, asApp } = town;
  for (const name of ["fix", "next", "later"]) await branch(town, name);
  await push(town, "fix", { "src/a.ts": lines(20), "src/b.ts": lines(5), "docs/c.md": lines(3) });
  const asked = { title: "Mend it", body: "Closes #1, closes #2, closes #3", head: "fix" };
  const pull = await createPull(world, asApp(), repository, { ...asked, base: "next", draft: true });
  await changeBase(world, as("mia"), pull, "main");
  for (const base of ["next", "later"]) {
    const other = await createPull(world, as("mia"), repository, { ...asked, base });
    addLabels(world, as("mia"), issueOfPull(world.state, other), ["bug", "agent", "help"]);
  }
  for (const draft of [false, true, false]) setDraft(world, as("mia"), pull, draft);
  requestReviewers(world, as("mia"), pull, ["ada", "rex", "tom", "mia", "ann", "bea"]);
  removeReviewRequests(world, as("mia"), pull, ["mia"]);
  const issue = issueOfPull(world.state, pull);
  addLabels(world, as("mia"), issue, ["bug", "agent", "help"]);
  assign(world, as("mia"), issue, ["mia", "tom", "ada"]);
  editIssue(world, asApp(), issue, { body: "Closes #1, closes #2, closes #3." });
  editIssue(world, asApp(), issue, { body: "Closes #1, closes #2, closes #3!" });
  applaud(town, issue);
  for (const body of ["One", "Two", "Three"]) createComment(world, as("tom"), issue, body);
  return pull;
}

/** Three threads, an answer in the first, approvals, a dismissal, edits. */
export async function reviewPull(town: Town, pull: Pull): Promise<void> {
  const { world, as } = town;
  const comments = [2, 5, 9].map((line) => ({ path: "src/a.ts", line, body: `About line ${line}` }));
  const review = await createReview(world, as("ada"), pull, {
    event: "REQUEST_CHANGES",
    body: "Not yet",
    comments,
  });
  const [thread] = childrenOf(world.state.threads, pull.id);
  replyToThread(world, as("mia"), thread!, { body: "Why?" });
  replyToThread(world, as("ada"), thread!, { body: "Because." });
  const [comment] = threadComments(world.state, thread!.id);
  for (const body of ["Not yet!", "Not yet!!"]) editReview(world, as("ada"), review, body);
  for (const body of ["About 2", "About two"]) editReviewComment(world, as("ada"), comment!, body);
  applaud(town, review);
  applaud(town, comment!);
  await createReview(world, as("mia"), pull, { event: "APPROVE", body: "Fine" });
  await createReview(world, as("tom"), pull, { event: "APPROVE" });
  dismissReview(world, as("ada"), review, "It is fine now");
}

/** Three check runs with annotations, of which one failed, and three statuses. */
export async function checkPull({ world, repository, as, asApp }: Town, pull: Pull): Promise<void> {
  const annotations = [2, 3, 4].map((line) => ({
    path: "src/a.ts",
    startLine: line,
    endLine: line,
    startColumn: 1,
    endColumn: 3,
    level: "failure" as const,
    message: `line ${line} is wrong`,
    title: "Wrong",
    rawDetails: null,
  }));
  for (const name of ["build", "lint", "unit"]) {
    const conclusion = name === "unit" ? "failure" : "success";
    const output = { title: name, summary: `${name} ran`, text: null };
    const run = { name, headSha: pull.headSha, conclusion, output, annotations } as const;
    await createCheckRun(world, asApp(), repository, run);
  }
  for (const context of ["ci/one", "ci/two", "ci/three"]) {
    const status = { sha: pull.headSha, state: "success", context, targetUrl: "http://ci.test" };
    await createStatus(world, as("mia"), repository, status);
  }
}
