import type { Pull, Review, ReviewState, Thread } from "../model.ts";
import { accountOf, threadComments } from "../store.ts";
import { childrenOf } from "../table.ts";
import type { Place } from "./address.ts";
import { markup } from "./markup.ts";
import type { Html } from "./markup.ts";
import { commentBox, person, time } from "./parts.ts";

const shownHunkLines = 4;

const verbs: Record<ReviewState, Html> = {
  PENDING: markup`started a review`,
  COMMENTED: markup`reviewed`,
  APPROVED: markup`<span class="success">✓</span> approved these changes`,
  CHANGES_REQUESTED: markup`<span class="failure">±</span> requested changes`,
  DISMISSED: markup`reviewed; that was dismissed`,
};

/** A submitted review: its verdict, its words, and the threads that it began. */
export function reviewEntry(place: Place, pull: Pull, review: Review): Html | null {
  const { world } = place;
  const author = person(accountOf(world.state, review.authorId));
  const when = time(world, review.submittedAt ?? review.createdAt);
  const begun = childrenOf(world.state.threads, pull.id).filter(
    ({ id }) => threadComments(world.state, id)[0]?.reviewId === review.id,
  );
  // One that only answers in other threads is seen there.
  if (review.state === "COMMENTED" && review.body === "" && begun.length === 0) return null;
  const box = { id: `pullrequestreview-${review.id}`, did: "left a comment" };
  return markup`<p class="event">${author} ${verbs[review.state]} ${when}</p>
${review.body === "" ? null : commentBox(place, review, box)}
${begun.map((thread) => threadBox(place, thread))}`;
}

function threadBox(place: Place, thread: Thread): Html {
  const { state } = place.world;
  const line = thread.line ?? thread.originalLine;
  const outdated = thread.line === null && thread.subjectType === "line";
  const resolved = thread.resolvedById === null ? null : person(accountOf(state, thread.resolvedById));
  const comments = threadComments(state, thread.id).map((comment) =>
    commentBox(place, comment, { id: `discussion_r${comment.id}`, did: "commented" }),
  );
  return markup`<details class="box thread" ${resolved ? null : markup`open`}>
<summary><code>${thread.path}${line === null ? null : `:${line}`}</code>
${outdated ? markup`<span class="badge">Outdated</span>` : null} ${resolved ? markup`<span class="badge">Resolved</span>` : null}</summary>
${diff(thread.diffHunk)} ${comments}
${resolved ? markup`<p class="event">${resolved} marked this conversation as resolved</p>` : null}
</details>`;
}

/** The last lines of a hunk, as GitHub shows them above a thread. */
function diff(hunk: string): Html | null {
  if (hunk === "") return null;
  const kinds: Record<string, string> = { "+": "added", "-": "removed", "@": "quiet" };
  const lines = hunk.split("\n").slice(-shownHunkLines);
  return markup`<pre class="diff">${lines.map((line) => markup`<span class="${kinds[line[0] ?? ""]}">${line || " "}</span>`)}</pre>`;
}
