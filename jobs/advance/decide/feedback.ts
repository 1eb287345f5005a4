import { parseCommands } from "../../../app/commands/parse.ts";
import type { FeedbackItem } from "../../../agent-pod/contract/brief.ts";
import { retriedAt } from "./attempts.ts";
import { permitted } from "./wanted.ts";
import type { Bare } from "./wanted.ts";
import type { Check, Comment, Person, Pull, Review, Snapshot, Thread } from "./snapshot.ts";
import type { RunRecord, State } from "./state.ts";

/** Something said of a pull request that wants an answer. */
export interface Feedback {
  item: FeedbackItem;
  at: Date;
  /** A submitted review counts at once; single comments wait until they have been still for a while. */
  urgent: boolean;
  /** Database id of the thread's first comment, which replies go to; null: answered in the conversation. */
  thread: string | null;
  /** Whether a person said it, rather than a check. */
  human: boolean;
}

/** Everything said of `pull` that permitted people or failed checks said and nobody has answered, taken or not. */
export function feedbackOf(s: Snapshot, state: State, pull: Pull): Feedback[] {
  const people = [
    ...pull.threads.flatMap((thread) => threadFeedback(s, state, pull, thread)),
    ...pull.reviews.filter((review) => asksForChange(review)).map(reviewFeedback),
    ...pull.comments.filter((comment) => mentionsUs(s, comment)).map(commentFeedback),
  ];
  return [
    ...people.filter((each) => permitted(s, { login: each.item.by, bot: false })),
    ...checkFeedback(pull),
  ];
}

/** Everybody who said something of `pull` that may become an instruction: their permission must be fetched. */
export function speakers(s: Bare, pull: Pull): Person[] {
  const threads = pull.threads.filter((thread) => !thread.resolved).flatMap((thread) => thread.comments);
  const reviews = pull.reviews.filter(asksForChange);
  return [...threads, ...reviews, ...pull.comments.filter((comment) => mentionsUs(s, comment))].map(
    (each) => each.by,
  );
}

/**
 * The ids of feedback that is being answered or was. What a run took that failed, asked or was stopped is there to be taken
 * again; after `/agent retry` also checks and conflicts that an earlier run could do nothing about.
 */
export function takenBy(state: State): Set<string> {
  return new Set(
    state.runs
      .filter((run) => !isUndone(run))
      .flatMap((run) => (isRetried(state, run) ? run.takes.filter(isSaid) : run.takes)),
  );
}

function isRetried(state: State, run: RunRecord): boolean {
  const at = retriedAt(state, run.task);
  return run.end !== null && at !== null && run.at <= at;
}

/** Whether a person said it: that was answered, whatever came of it. */
const isSaid = (id: string): boolean => /^(?:rc|rv|ic)/.test(id);

/** Whether a run ended without doing what it was asked. */
const isUndone = (run: RunRecord): boolean => ["failed", "asks", "stopped"].includes(run.end?.kind ?? "");

function threadFeedback(s: Snapshot, state: State, pull: Pull, thread: Thread): Feedback[] {
  if (thread.resolved) return [];
  const failed = new Set(state.runs.filter(isUndone).map((run) => run.name));
  const answered = thread.comments.findLastIndex((c) => c.ours && !(c.marker && failed.has(runOf(c.marker))));
  const open = thread.comments.slice(answered + 1).filter((c) => !c.ours && permitted(s, c.by));
  const [first, last] = [thread.comments[0], open.at(-1)];
  if (!first || !last) return [];
  const review = pull.reviews.find((each) => each.id === last.reviewId);
  const item: FeedbackItem = {
    id: `rc${last.id}`,
    kind: "thread",
    by: last.by.login,
    text: open.map((comment) => comment.body).join("\n\n"),
    path: thread.path,
    ...(thread.line === null ? {} : { line: thread.line }),
  };
  const urgent =
    review !== undefined &&
    (review.state === "CHANGES_REQUESTED" || review.body.trim() !== "" || review.comments > 1);
  return [{ item, at: last.at, urgent, thread: first.id, human: true }];
}

/** The marker of an answer is `answer:<run>:<item>`. */
const runOf = (marker: string): string => marker.split(":")[1] ?? "";

const asksForChange = (review: Review): boolean =>
  !review.ours &&
  !review.by.bot &&
  review.body.trim() !== "" &&
  ["CHANGES_REQUESTED", "COMMENTED"].includes(review.state);

function reviewFeedback(review: Review): Feedback {
  const item: FeedbackItem = { id: `rv${review.id}`, kind: "review", by: review.by.login, text: review.body };
  return { item, at: review.at, urgent: true, thread: null, human: true };
}

/** Whether a comment of a person speaks to the app: `@coxswain`, outside of a command. */
function mentionsUs(s: Bare, comment: Comment): boolean {
  if (comment.ours || comment.by.bot || parseCommands(comment.body).length > 0) return false;
  const escaped = s.app.slug.replace(/[^a-z0-9]/gi, (c) => `\\${c}`);
  return new RegExp(`(^|[^\\w/@-])@${escaped}(?![\\w-])`, "i").test(comment.body);
}

function commentFeedback(comment: Comment): Feedback {
  const item: FeedbackItem = {
    id: `ic${comment.id}`,
    kind: "comment",
    by: comment.by.login,
    text: comment.body,
  };
  return { item, at: comment.at, urgent: false, thread: null, human: true };
}

function checkFeedback(pull: Pull): Feedback[] {
  if (pull.checks.some((check) => !check.ended)) return [];
  return pull.checks
    .filter((check) => check.failed)
    .map((check) => ({
      item: {
        id: check.kind === "run" ? check.id : `${check.id}@${pull.head.slice(0, 12)}`,
        kind: check.kind === "run" ? ("check" as const) : ("status" as const),
        by: check.name.slice(0, 200),
        text: checkText(check),
      },
      at: pull.headAt,
      urgent: false,
      thread: null,
      human: false,
    }));
}

function checkText(check: Check): string {
  if (check.kind === "status")
    return check.output || `The commit status ${check.name} failed and says no more.`;
  const notes = check.annotations.map((note) => `${note.path}:${note.line}: ${note.message}`);
  const parts = [check.output, notes.join("\n")];
  const text = parts.filter((part) => part.trim() !== "").join("\n\n");
  return (text || `The check ${check.name} failed.`).slice(-59_000);
}
