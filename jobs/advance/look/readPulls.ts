import type { Installation } from "../../../app/github.ts";
import { branchRoot, ROOT, taskBranch } from "../decide/branches.ts";
import type { State } from "../decide/state.ts";
import { allOf, pageAfter, present, whole } from "./pager.ts";
import type { NodeOf } from "./pager.ts";
import { LookBranchDocument, LookPullsDocument } from "./queries.gen.ts";
import type { LookBranchQuery, LookPullsQuery, PullFieldsFragment } from "./queries.gen.ts";
import { branchesOf, pullsAmong, PULLS_A_CALL } from "./readIssue.ts";
import type { Reading } from "./readIssue.ts";
import { isOurs } from "./words.ts";
import type { App } from "./words.ts";

type Issue = Extract<Reading, { kind: "issue" }>;
type Ref = NodeOf<"refs">;

export interface Work {
  /** Commit by branch. */
  branches: Record<string, string>;
  /** Whole. */
  pulls: PullFieldsFragment[];
}

/**
 * The branches of the issue's generation and this app's pull requests from them. Those that the one call didn't bring are
 * asked for: of branches that exist, and of branches that are gone though `state` tells that something was pushed to them.
 */
export async function readWork(
  github: Installation,
  read: Issue,
  of: { app: App; generation: number; state: State | null },
): Promise<Work> {
  const root = `${branchRoot(read.issue.number, of.generation)}/`;
  const ours = (pull: NodeOf<"pullNames">): boolean =>
    isOurs(pull.author, of.app) && !pull.isCrossRepository && pull.headRefName.startsWith(root);

  const refs = await allRefs(github, read, of.generation);
  const branches = Object.fromEntries(
    refs.flatMap((ref) => (ref.target ? [[branchName(ref, root), ref.target.oid]] : [])),
  );
  const known = read.pulls.filter(ours);

  const named = refs.flatMap((ref) => present(ref.associatedPullRequests)).filter(ours);
  for (const branch of goneBranches(read.issue.number, of.state, branches, known))
    named.push(...(await pullsOfBranch(github, read.repository.id, branch)).filter(ours));

  const ids = new Set(named.map((pull) => pull.id));
  for (const pull of known) ids.delete(pull.id);
  const pulls = [...known, ...(await pullsById(github, [...ids]))];
  return { branches, pulls: await Promise.all(pulls.map((pull) => wholePull(github, pull))) };
}

/** The one call asked for the branches of the generation that the hints named. */
async function allRefs(github: Installation, read: Issue, generation: number): Promise<Ref[]> {
  const owner = { id: read.repository.id, branches: branchesOf(read.issue.number, generation) };
  const guessed = generation === read.hints.generation;
  const first = guessed ? read.repository.refs : await pageAfter(github, "refs", owner, null);
  const refs = await allOf(github, "refs", owner, first);
  return Promise.all(
    refs.map(async (ref) => ({
      ...ref,
      associatedPullRequests: whole(
        await allOf(github, "pullNames", { id: ref.id }, ref.associatedPullRequests),
      ),
    })),
  );
}

/** Nothing tells whether a ref's name begins after `refs/heads/` or after the prefix that was asked for: both will do. */
const branchName = (ref: Ref, root: string): string =>
  ref.name.startsWith(root) ? ref.name : `${root}${ref.name}`;

/** Branches that a run has pushed to, and that are there no more, nor is a pull request known that came from them. */
function goneBranches(
  issue: number,
  state: State | null,
  branches: Record<string, string>,
  known: PullFieldsFragment[],
): string[] {
  if (!state) return [];
  const pushed = state.runs.filter((run) => run.purpose !== "plan" && run.end?.kind === "done");
  const tasks = pushed.map((run) => run.task);
  // What tasks are merged into is pushed to by GitHub.
  const names = new Set(
    [...tasks, ...(state.approved && tasks.length > 0 ? [ROOT] : [])].map((task) =>
      taskBranch(issue, state.generation, task),
    ),
  );
  return [...names].filter((name) => !(name in branches) && !known.some((pull) => pull.headRefName === name));
}

async function pullsOfBranch(
  github: Installation,
  repository: string,
  branch: string,
): Promise<NodeOf<"pullNames">[]> {
  const { node } = await github.query<LookBranchQuery>(LookBranchDocument, { repository, branch });
  return node && "pullRequests" in node ? present(node.pullRequests) : [];
}

async function pullsById(github: Installation, ids: string[]): Promise<PullFieldsFragment[]> {
  const pulls: PullFieldsFragment[] = [];
  for (let at = 0; at < ids.length; at += PULLS_A_CALL) {
    const some = ids.slice(at, at + PULLS_A_CALL);
    const answer = await github.query<LookPullsQuery>(LookPullsDocument, { pulls: some });
    pulls.push(...pullsAmong(answer.pulls));
  }
  return pulls;
}

async function wholePull(github: Installation, pull: PullFieldsFragment): Promise<PullFieldsFragment> {
  const { id } = pull;
  const threads = await allOf(github, "threads", { id }, pull.reviewThreads);
  return {
    ...pull,
    comments: whole(await allOf(github, "comments", { id }, pull.comments)),
    reviews: whole(await allOf(github, "reviews", { id }, pull.reviews)),
    reviewRequests: whole(await allOf(github, "reviewRequests", { id }, pull.reviewRequests)),
    reviewThreads: whole(await Promise.all(threads.map((thread) => wholeThread(github, thread)))),
    commits: { nodes: await Promise.all(present(pull.commits).map((commit) => wholeCommit(github, commit))) },
  };
}

async function wholeThread(github: Installation, thread: NodeOf<"threads">): Promise<NodeOf<"threads">> {
  const comments = await allOf(github, "threadComments", { id: thread.id }, thread.comments);
  return { ...thread, comments: whole(comments) };
}

type CommitNode = NonNullable<NonNullable<PullFieldsFragment["commits"]["nodes"]>[number]>;

async function wholeCommit(github: Installation, { commit }: CommitNode): Promise<CommitNode> {
  const rollup = commit.statusCheckRollup;
  if (!rollup) return { commit };
  const contexts = whole(await allOf(github, "contexts", { id: rollup.id }, rollup.contexts));
  return { commit: { ...commit, statusCheckRollup: { ...rollup, contexts } } };
}
