import type { Octokit } from "@octokit/rest";

import { begin, phaseOf, until, watchPhases } from "./cast.ts";
import type { At, Cast } from "./cast.ts";
import { ISSUE, REVIEW } from "./words.ts";

/**
 * The story: an issue is written and labelled, an agent works, a check fails and is mended, a reviewer comments twice and
 * gets two answers, a person merges. Throws, with what was waited for, when it doesn't go on.
 */
export async function tellStory(cast: Cast): Promise<{ issue: number; pull: number }> {
  const { at, maintainer, issue } = await begin(cast, ISSUE);
  const phases = watchPhases(cast, maintainer, issue.number);
  try {
    const pull = await openedPull(cast, maintainer, issue.number);
    const failing = await until(cast, "the changelog check to fail", () =>
      failedCheck(maintainer, at, pull.head.sha),
    );
    cast.tell(`its check “${failing}” fails; the agent is told why`);
    await until(cast, "the agent's follow-up", () => ready(maintainer, at, pull.number, pull.head.sha));
    cast.tell("the agent has mended it: all checks pass, and the maintainer is asked for a review");

    const head = (await maintainer.pulls.get({ ...at, pull_number: pull.number })).data.head.sha;
    await review(maintainer, at, pull.number, head);
    cast.tell("the maintainer comments twice: one change wanted, one question asked");
    const answers = await until(cast, "two answers", () => answersTo(maintainer, at, pull.number));
    for (const answer of answers) cast.tell(`  the agent answers: “${answer}”`);
    if (new Set(answers).size !== 2) throw new Error("The two threads got the same answer.");
    await until(cast, "the checks of the changed code", () => ready(maintainer, at, pull.number, head));
    cast.tell("all checks pass again");

    await merge(cast, maintainer, issue.number, pull);
    cast.tell("the issue is closed, the branch deleted");
    return { issue: issue.number, pull: pull.number };
  } finally {
    phases.stop();
  }
}

/** The story of an issue where nothing is said and no check fails, up to the phase `end`. */
export async function tellShortStory(cast: Cast, end: "in review" | "merged"): Promise<void> {
  const { at, maintainer, issue } = await begin(cast, ISSUE);
  const phases = watchPhases(cast, maintainer, issue.number);
  try {
    const pull = await openedPull(cast, maintainer, issue.number);
    await until(
      cast,
      "the review",
      async () => (await phaseOf(maintainer, at, issue.number)) === "in review",
    );
    if (end === "merged") await merge(cast, maintainer, issue.number, pull);
  } finally {
    phases.stop();
  }
}

type OpenedPull = { number: number; head: { sha: string; ref: string } };

async function openedPull(cast: Cast, octokit: Octokit, issue: number): Promise<OpenedPull> {
  const pull = await until(cast, "a pull request", async () => {
    const { data } = await octokit.pulls.list({ owner: cast.owner, repo: cast.repo, state: "open" });
    return data.find((each) => each.body?.includes(`Closes #${issue}`));
  });
  cast.tell(`pull request #${pull.number}: “${pull.title}”`);
  return pull;
}

/** A person merges the pull request, and the issue is done. */
export async function merge(cast: Cast, octokit: Octokit, issue: number, pull: OpenedPull): Promise<void> {
  const at = { owner: cast.owner, repo: cast.repo };
  await octokit.pulls.merge({ ...at, pull_number: pull.number, merge_method: "squash" });
  cast.tell("the maintainer merges");
  const done = async () => (await phaseOf(octokit, at, issue)) === "done" && gone(octokit, at, pull.head.ref);
  await until(cast, "the phase done", done);
}

async function review(octokit: Octokit, at: At, pull_number: number, commit_id: string): Promise<void> {
  const on = { ...at, pull_number, commit_id, side: "RIGHT" as const };
  await octokit.pulls.createReviewComment({ ...on, path: "src/duration.js", line: 11, body: REVIEW.refuse });
  await octokit.pulls.createReviewComment({
    ...on,
    path: "test/duration.test.js",
    line: 16,
    body: REVIEW.why,
  });
}

async function failedCheck(octokit: Octokit, at: At, ref: string): Promise<string | undefined> {
  const { data } = await octokit.checks.listForRef({ ...at, ref });
  return data.check_runs.find((run) => run.conclusion === "failure")?.name;
}

/** Whether there is a newer commit than `before` and all of its checks have passed. */
async function ready(octokit: Octokit, at: At, pull_number: number, before: string): Promise<boolean> {
  const { data: pull } = await octokit.pulls.get({ ...at, pull_number });
  if (pull.head.sha === before) return false;
  const { data } = await octokit.checks.listForRef({ ...at, ref: pull.head.sha });
  return data.total_count >= 2 && data.check_runs.every((run) => run.conclusion === "success");
}

/** The answers in the threads that the maintainer began, once each has one. */
async function answersTo(octokit: Octokit, at: At, pull_number: number): Promise<string[] | undefined> {
  const { data } = await octokit.pulls.listReviewComments({ ...at, pull_number });
  const asked = data.filter((comment) => !comment.in_reply_to_id);
  const answers = asked.map((comment) => data.find((each) => each.in_reply_to_id === comment.id)?.body);
  const given = answers.filter((answer) => answer !== undefined);
  return given.length === 2 ? given.map((answer) => answer.replace(/<!--[^]*?-->\s*/, "").trim()) : undefined;
}

async function gone(octokit: Octokit, at: At, branch: string): Promise<boolean> {
  const { data } = await octokit.repos.listBranches(at);
  return !data.some((each) => each.name === branch);
}
