import type { Octokit } from "@octokit/rest";

import { where } from "./github.ts";

/** Something said on GitHub, in a conversation or a review thread. */
export interface Said {
  id: number;
  by: string;
  /** Number of the issue or pull request. */
  on: number;
  /** Without hidden comments. */
  text: string;
  /** The key of the hidden marker, of our own comments. */
  marker: string | null;
  /** The comment that began the review thread, where it is a reply. */
  to: number | null;
}

export interface SeenPull {
  number: number;
  title: string;
  body: string;
  state: "open" | "closed" | "merged";
  head: { branch: string; sha: string };
  base: string;
  draft: boolean;
  reviewers: string[];
}

/** GitHub as it was seen at one moment, by its API alone. */
export interface View {
  issues: { number: number; title: string; open: boolean; labels: string[] }[];
  pulls: SeenPull[];
  said: Said[];
}

/** Looks at the repository as `octokit`. */
export async function view({ rest, paginate }: Octokit): Promise<View> {
  const all = { ...where, per_page: 100 };
  const [issues, pulls, comments, replies] = await Promise.all([
    paginate(rest.issues.listForRepo, { ...all, state: "all" }),
    paginate(rest.pulls.list, { ...all, state: "all" }),
    paginate(rest.issues.listCommentsForRepo, all),
    paginate(rest.pulls.listReviewCommentsForRepo, all),
  ]);
  const said = [
    ...comments.map((comment) => saidIn(comment, comment.issue_url)),
    ...replies.map((reply) => saidIn(reply, reply.pull_request_url)),
  ];
  return {
    issues: issues
      .filter((issue) => !issue.pull_request)
      .map(({ number, title, state, labels }) => ({
        number,
        title,
        open: state === "open",
        labels: labels.map((label) => (typeof label === "string" ? label : (label.name ?? ""))).sort(),
      }))
      .sort((a, b) => a.number - b.number),
    pulls: pulls
      .map((pull) => ({
        number: pull.number,
        title: pull.title,
        body: pull.body ?? "",
        state: pull.merged_at ? ("merged" as const) : (pull.state as "open" | "closed"),
        head: { branch: pull.head.ref, sha: pull.head.sha },
        base: pull.base.ref,
        draft: pull.draft ?? false,
        reviewers: (pull.requested_reviewers ?? []).map(({ login }) => login).sort(),
      }))
      .sort((a, b) => a.number - b.number),
    said: said.sort((a, b) => a.id - b.id),
  };
}

interface Comment {
  id: number;
  body?: string | undefined;
  user: { login: string } | null;
  in_reply_to_id?: number;
}

function saidIn(comment: Comment, of: string | undefined): Said {
  const body = comment.body ?? "";
  return {
    id: comment.id,
    by: comment.user?.login ?? "ghost",
    on: Number(of?.split("/").at(-1)),
    text: body.replaceAll(/<!--[^]*?-->\n?/g, "").trim(),
    marker: /^<!-- coxswain:\d+:(\S+) -->/.exec(body)?.[1] ?? null,
    to: comment.in_reply_to_id ?? null,
  };
}
