import type { Octokit } from "@octokit/rest";
import type { Tour } from "./tour.ts";

/** A pull request of the app, from its branch to its merge; and one that comes to nothing. */
export async function tourPulls(tour: Tour): Promise<void> {
  const { bot, mona, at } = tour;
  const { data: issue } = await mona.rest.issues.create({ ...at, title: "Change a line" });
  await branch(bot, at, "work");
  await write(bot, at, { branch: "work", content: "line 1\nline 2, changed\nline 3\n" });
  const { data: pull } = await bot.rest.pulls.create({
    ...at,
    title: "Change a line",
    body: `Closes #${issue.number}`,
    head: "work",
    base: "main",
    draft: true,
  });
  const here = { ...at, pull_number: pull.number };
  await setDraft(bot, pull.node_id, "markPullRequestReadyForReview");
  await setDraft(bot, pull.node_id, "convertPullRequestToDraft");
  await setDraft(bot, pull.node_id, "markPullRequestReadyForReview");
  await tourPullAsIssue(tour, pull.number);
  await bot.rest.pulls.requestReviewers({ ...here, reviewers: ["mona", "rita"] });
  await bot.rest.pulls.listRequestedReviewers(here);
  await bot.rest.pulls.removeRequestedReviewers({ ...here, reviewers: ["rita"] });
  await bot.rest.pulls.update({ ...here, title: "Change the second line", body: `Fixes #${issue.number}` });
  await write(bot, at, { branch: "work", content: "line 1\nline 2, changed again\nline 3\n" });
  await tourReviews(tour, here);
  await readPull(tour, here);
  await bot.rest.pulls.merge({ ...here, merge_method: "squash" });
  await bot.rest.pulls.checkIfMerged(here);
  await bot.rest.pulls.get(here);
  await tourUnmerged(tour);
  await bot.rest.git.deleteRef({ ...at, ref: "heads/work" });
}

/** Makes a branch where `main` is. */
async function branch(by: Octokit, at: Tour["at"], name: string): Promise<string> {
  const { data: main } = await by.rest.git.getRef({ ...at, ref: "heads/main" });
  await by.rest.git.createRef({ ...at, ref: `refs/heads/${name}`, sha: main.object.sha });
  return main.object.sha;
}

/** Commits a file to a branch. */
async function write(
  by: Octokit,
  at: Tour["at"],
  { branch, content, path = "src/text.txt" }: { branch: string; content: string; path?: string },
): Promise<string> {
  const { data: tree } = await by.rest.git.getTree({ ...at, tree_sha: branch, recursive: "1" });
  const sha = tree.tree.find((entry) => entry.path === path)?.sha;
  const { data } = await by.rest.repos.createOrUpdateFileContents({
    ...at,
    path,
    branch,
    message: `Write ${path}`,
    content: Buffer.from(content).toString("base64"),
    ...(sha === undefined ? {} : { sha }),
  });
  return data.commit.sha!;
}

async function setDraft(by: Octokit, pullRequestId: string, mutation: string): Promise<void> {
  const query = `mutation ($id: ID!) { ${mutation}(input: { pullRequestId: $id }) { clientMutationId } }`;
  await by.graphql(query, { id: pullRequestId });
}

type Here = Tour["at"] & { pull_number: number };

async function tourPullAsIssue({ mona, bot, at }: Tour, issue_number: number): Promise<void> {
  const here = { ...at, issue_number };
  await bot.rest.issues.addLabels({ ...here, labels: ["bug"] });
  await bot.rest.issues.removeLabel({ ...here, name: "bug" });
  await mona.rest.issues.addAssignees({ ...here, assignees: ["mona"] });
  await mona.rest.issues.removeAssignees({ ...here, assignees: ["mona"] });
  await mona.rest.issues.lock(here);
  await mona.rest.issues.unlock(here);
  await mona.rest.issues.createComment({ ...here, body: "Thank you." });
  await mona.rest.issues.get(here);
}

async function tourReviews({ bot, mona, rita, at }: Tour, here: Here): Promise<void> {
  const path = "src/text.txt";
  const { data: review } = await mona.rest.pulls.createReview({
    ...here,
    event: "REQUEST_CHANGES",
    body: "Not yet",
    comments: [{ path, line: 2, body: "Why?" }],
  });
  const its = { ...here, review_id: review.id };
  const {
    data: [why],
  } = await bot.rest.pulls.listCommentsForReview(its);
  await bot.rest.pulls.createReplyForReviewComment({ ...here, comment_id: why!.id, body: "Because." });
  await mona.rest.pulls.updateReview({ ...its, body: "Not yet!" });
  await mona.rest.pulls.dismissReview({ ...its, message: "Fine after all" });
  const { data: pending } = await mona.rest.pulls.createReview({ ...here, body: "Good" });
  await mona.rest.pulls.submitReview({ ...here, review_id: pending.id, event: "APPROVE" });
  const { data: dropped } = await rita.rest.pulls.createReview({ ...here, body: "Hm" });
  await rita.rest.pulls.deletePendingReview({ ...here, review_id: dropped.id });
  const { data: pull } = await mona.rest.pulls.get(here);
  const lines = { start_line: 1, start_side: "RIGHT", line: 2, side: "RIGHT" } as const;
  const { data: note } = await mona.rest.pulls.createReviewComment({
    ...here,
    ...lines,
    path,
    body: "Both?",
    commit_id: pull.head.sha,
  });
  const on = { ...at, comment_id: note.id };
  await mona.rest.pulls.updateReviewComment({ ...on, body: "Both lines?" });
  const { data: eyes } = await bot.rest.reactions.createForPullRequestReviewComment({
    ...on,
    content: "eyes",
  });
  await bot.rest.reactions.listForPullRequestReviewComment(on);
  await bot.rest.reactions.deleteForPullRequestComment({ ...on, reaction_id: eyes.id });
  await bot.rest.pulls.getReviewComment(on);
  await mona.rest.pulls.deleteReviewComment(on);
  await mona.rest.pulls.createReviewComment({
    ...here,
    path,
    body: "The whole file",
    subject_type: "file",
    commit_id: pull.head.sha,
  });
  // The thread's line is gone: it is outdated.
  await write(bot, at, { branch: "work", content: "line 1\nline 2, at last\nline 3\n" });
  await bot.rest.pulls.createReplyForReviewComment({ ...here, comment_id: why!.id, body: "Better now?" });
  await tourThread({ bot, mona }, here);
  await bot.rest.pulls.getReview(its);
}

async function tourThread({ bot, mona }: Pick<Tour, "bot" | "mona">, here: Here): Promise<void> {
  const query = `query ($owner: String!, $repo: String!, $pull_number: Int!) {
    repository(owner: $owner, name: $repo) {
      pullRequest(number: $pull_number) { reviewThreads(first: 1) { nodes { id } } }
    }
  }`;
  const found = await bot.graphql<{
    repository: { pullRequest: { reviewThreads: { nodes: [{ id: string }] } } };
  }>(query, here);
  const { id } = found.repository.pullRequest.reviewThreads.nodes[0];
  for (const mutation of ["resolveReviewThread", "unresolveReviewThread"]) {
    const change = `mutation ($id: ID!) { ${mutation}(input: { threadId: $id }) { clientMutationId } }`;
    await mona.graphql(change, { id });
  }
}

async function readPull({ bot, mona, at }: Tour, here: Here): Promise<void> {
  await bot.rest.pulls.get(here);
  await bot.rest.pulls.list({ ...at, state: "all" });
  await bot.rest.pulls.listFiles(here);
  await bot.rest.pulls.listCommits(here);
  await bot.rest.pulls.listReviews(here);
  await bot.rest.pulls.listReviewComments(here);
  await bot.rest.pulls.listReviewCommentsForRepo(at);
  await bot.rest.issues.listEventsForTimeline({ ...at, issue_number: here.pull_number });
  await mona.rest.issues.listForRepo(at);
  const { data } = await bot.rest.pulls.get(here);
  await bot.rest.repos.listPullRequestsAssociatedWithCommit({ ...at, commit_sha: data.head.sha });
}

async function tourUnmerged({ bot, mona, at }: Tour): Promise<void> {
  await branch(bot, at, "idea");
  await branch(bot, at, "release");
  await write(bot, at, { branch: "idea", path: "idea.txt", content: "An idea\n" });
  const { data: pull } = await mona.rest.pulls.create({
    ...at,
    title: "An idea",
    head: "idea",
    base: "main",
  });
  const here = { ...at, pull_number: pull.number };
  await mona.rest.pulls.update({ ...here, base: "release" });
  await write(bot, at, { branch: "release", path: "news.txt", content: "News\n" });
  await mona.rest.pulls.updateBranch(here);
  await mona.rest.pulls.update({ ...here, state: "closed" });
  await mona.rest.pulls.update({ ...here, state: "open" });
}
