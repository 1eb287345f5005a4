/** Issues, what is said about them, and what happened to them. */
import type { Review, ReviewComment, ReviewState } from "./pulls.ts";

/**
 * One entry of an edit history: the whole text after that edit. GitHub keeps none until the first edit, which writes two:
 * the original and the edit.
 */
export interface TextEdit {
  id: number;
  editorId: number;
  editedAt: number;
  text: string;
  deletedAt: number | null;
  deletedById: number | null;
}

/** What has an author, a text that can be edited, and dates. */
export interface Writing {
  id: number;
  authorId: number;
  /** The app through which it was written, if any. */
  appId: number | null;
  body: string;
  edits: TextEdit[];
  createdAt: number;
  updatedAt: number;
}

/** An issue, or the issue side of a pull request (then a `Pull` points to it). */
export interface Issue extends Writing {
  repositoryId: number;
  number: number;
  title: string;
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "duplicate" | "reopened" | null;
  labelIds: number[];
  assigneeIds: number[];
  locked: boolean;
  closedAt: number | null;
  closedById: number | null;
  isPull: boolean;
}

export interface Comment extends Writing {
  issueId: number;
  minimizedReason: string | null;
}

export const reactionContents = [
  "+1",
  "-1",
  "laugh",
  "confused",
  "heart",
  "hooray",
  "rocket",
  "eyes",
] as const;

export type ReactionContent = (typeof reactionContents)[number];

/** What can be reacted to; ids are unique over all kinds. */
export type Reactable = Issue | Comment | ReviewComment | Review;

export interface Reaction {
  id: number;
  subjectId: number;
  content: ReactionContent;
  accountId: number;
  createdAt: number;
}

/** What happened to an issue or pull request, beside comments and reviews, which are records of their own. */
export type TimelineEvent = {
  id: number;
  issueId: number;
  actorId: number;
  appId: number | null;
  at: number;
} & (
  | { event: "labeled" | "unlabeled"; label: { id: number; name: string; color: string } }
  | { event: "assigned" | "unassigned"; assigneeId: number }
  | { event: "closed"; stateReason: Issue["stateReason"]; byPullId: number | null }
  | {
      event:
        | "reopened"
        | "locked"
        | "unlocked"
        | "ready_for_review"
        | "convert_to_draft"
        | "head_ref_deleted";
    }
  | { event: "renamed"; from: string; to: string }
  | { event: "cross-referenced"; sourceIssueId: number; willClose: boolean }
  | { event: "merged"; commitSha: string; baseRef: string }
  | { event: "head_ref_force_pushed"; before: string; after: string }
  | { event: "base_ref_changed"; from: string; to: string }
  | { event: "review_requested" | "review_request_removed"; reviewerId: number }
  | { event: "review_dismissed"; reviewId: number; dismissedState: ReviewState; message: string }
  | { event: "comment_deleted"; commentId: number }
);
