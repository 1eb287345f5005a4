import type { Acts } from "./acts.ts";
import { pushCommit } from "./git.ts";
import { where } from "./github.ts";
import type { Person } from "./github.ts";
import type { Stage } from "./stage.ts";
import type { SeenPull } from "./view.ts";

interface By {
  by: Person;
}
interface LineComment {
  path: string;
  line: number;
  body: string;
}

/** A pull request of the app's, and what people do to it. */
export interface Pull {
  /** As GitHub shows it; fails if there is none. */
  now(): SeenPull;
  exists(): boolean;
  /** A submitted review with its line comments. */
  isReviewed(
    review: { event: "APPROVE" | "COMMENT" | "REQUEST_CHANGES"; body?: string; comments?: LineComment[] },
    by: By,
  ): Promise<void>;
  /** A single line comment. Returns its id. */
  getsLineComment(comment: LineComment, by: By): Promise<number>;
  /** A reply in the thread that the comment `to` began. */
  getsReply(to: number, text: string, by: By): Promise<void>;
  getsComment(text: string, by: By): Promise<number>;
  /** A draft becomes ready for review. */
  isReady(by: By): Promise<void>;
  isMerged(by: By): Promise<void>;
  isClosed(by: By): Promise<void>;
  isReopened(by: By): Promise<void>;
  /** A person pushes to its branch. */
  getsPush(changes: Record<string, string | null>, by: By): Promise<void>;
  losesBranch(by: By): Promise<void>;
  /** The thread that the comment `of` began is resolved. */
  getsResolved(of: number, by: By): Promise<void>;
}

/** The newest pull request of the app's, or of `task` alone. */
export function openPull(stage: Stage, { act, seen }: Acts, task?: string): Pull {
  const isIt = ({ head }: SeenPull) =>
    head.branch.startsWith("agent/") && (task === undefined || head.branch.endsWith(`/${task}`));
  const exists = () => seen().pulls.some(isIt);
  const now = () => {
    const pull = seen().pulls.findLast(isIt);
    if (!pull) throw new Error(`There is no pull request ${task ? `of ${task}` : "of an agent"}.`);
    return pull;
  };
  const at = () => ({ ...where, pull_number: now().number });
  const update = (state: "open" | "closed", { by }: By) =>
    act(async () => void (await by.octokit.pulls.update({ ...at(), state })));
  return {
    now,
    exists,
    isReviewed: (review, { by }) =>
      act(async () => void (await by.octokit.pulls.createReview({ ...at(), ...review }))),
    getsLineComment: (comment, { by }) =>
      act(async () => {
        const { data } = await by.octokit.pulls.createReviewComment({
          ...at(),
          ...comment,
          side: "RIGHT",
          commit_id: now().head.sha,
        });
        return data.id;
      }),
    getsReply: (to, body, { by }) =>
      act(
        async () =>
          void (await by.octokit.pulls.createReplyForReviewComment({ ...at(), comment_id: to, body })),
      ),
    getsComment: (body, { by }) =>
      act(async () => {
        const { data } = await by.octokit.issues.createComment({
          ...where,
          issue_number: now().number,
          body,
        });
        return data.id;
      }),
    isReady: ({ by }) =>
      act(async () => {
        const { data } = await by.octokit.pulls.get(at());
        await by.octokit.graphql(READY, { pull: data.node_id });
      }),
    isMerged: ({ by }) => act(async () => void (await by.octokit.pulls.merge(at()))),
    isClosed: (by) => update("closed", by),
    isReopened: (by) => update("open", by),
    getsPush: (changes, { by }) =>
      act(async () => {
        await pushCommit({
          url: stage.gitUrl,
          token: by.token,
          branch: now().head.branch,
          changes,
          message: "Do it my way",
          author: { name: by.login, email: `${by.login}@example.com` },
        });
      }),
    losesBranch: ({ by }) =>
      act(async () => void (await by.octokit.git.deleteRef({ ...where, ref: `heads/${now().head.branch}` }))),
    getsResolved: (of, { by }) =>
      act(async () => {
        const threads = await threadsOf(by, now().number);
        const thread = threads.find(({ comments }) => comments.nodes[0]?.databaseId === of);
        await by.octokit.graphql(RESOLVE, { thread: thread?.id });
      }),
  };
}

const RESOLVE = `mutation ($thread: ID!) {
  resolveReviewThread(input: { threadId: $thread }) { thread { isResolved } }
}`;
const READY = `mutation ($pull: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $pull }) { clientMutationId }
}`;
const THREADS = `query ($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      reviewThreads(first: 100) { nodes { id comments(first: 1) { nodes { databaseId } } } }
    }
  }
}`;

interface Threads {
  repository: {
    pullRequest: {
      reviewThreads: { nodes: { id: string; comments: { nodes: { databaseId: number }[] } }[] };
    };
  };
}

async function threadsOf({ octokit }: Person, number: number) {
  const { repository } = await octokit.graphql<Threads>(THREADS, { ...where, number });
  return repository.pullRequest.reviewThreads.nodes;
}
