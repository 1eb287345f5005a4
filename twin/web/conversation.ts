import { commitsOf } from "../graphql/pullGit.ts";
import { commentsSeen, labelsOf } from "../lookup.ts";
import type { Comment, Commit, Issue, Pull } from "../model.ts";
import { accountOf, pullOfIssue } from "../store.ts";
import { childrenOf } from "../table.ts";
import type { Place } from "./address.ts";
import { mergeBox } from "./checks.ts";
import { eventLine, shortSha } from "./events.ts";
import { markup } from "./markup.ts";
import type { Html } from "./markup.ts";
import { commentBox, counted, labelPill, person, time, titleText } from "./parts.ts";
import { reviewEntry } from "./reviews.ts";
import { stateBadge } from "./stateBadge.ts";

/** Something in a conversation, and when it was. */
interface Entry {
  at: number;
  id: number;
  shown: Html | null;
}

/** The page of an issue or a pull request, from its title to what was said last. */
export async function conversation(place: Place, issue: Issue): Promise<Html> {
  const pull = pullOfIssue(place.world.state, issue);
  const entries = [...said(place, issue), ...(pull ? await pushed(place, pull) : [])];
  const inOrder = entries.sort((one, other) => one.at - other.at || one.id - other.id);
  return markup`<h1>${titleText(issue.title)} <span class="quiet">#${issue.number}</span></h1>
<div class="row">${stateBadge(issue, pull)} <span>${pull ? merging(place, issue, pull) : opened(place, issue)}</span></div>
${facts(place, issue, pull)}
${commentBox(place, issue, { id: `issue-${issue.id}`, did: "opened" })}
${inOrder.map(({ shown }) => shown)}
${pull ? await mergeBox(place, pull) : null}`;
}

function said(place: Place, issue: Issue): Entry[] {
  const { world } = place;
  const events = childrenOf(world.state.timeline, issue.id);
  const comments = commentsSeen(world, issue.id);
  return [
    ...events.map((event) => ({ at: event.at, id: event.id, shown: eventLine(world, event) })),
    ...comments.map((comment) => ({
      at: comment.createdAt,
      id: comment.id,
      shown: commentEntry(place, comment),
    })),
  ];
}

async function pushed(place: Place, pull: Pull): Promise<Entry[]> {
  const { world } = place;
  const reviews = childrenOf(world.state.reviews, pull.id).flatMap((review) =>
    review.submittedAt === null
      ? []
      : [{ at: review.submittedAt, id: review.id, shown: reviewEntry(place, pull, review) }],
  );
  const commits = (await commitsOf(world, pull)).map((commit, order) => ({
    // Git keeps whole seconds: what a pull request was opened with stands above what was said of it.
    at: commit.committer.at,
    id: order,
    shown: commitLine(commit),
  }));
  return [...reviews, ...commits];
}

function commentEntry(place: Place, comment: Comment): Html {
  const box = commentBox(place, comment, { id: `issuecomment-${comment.id}`, did: "commented" });
  if (comment.minimizedReason === null) return box;
  const reason = comment.minimizedReason.toLowerCase().replaceAll("_", "-");
  return markup`<details><summary class="quiet">This comment was marked as ${reason}.</summary>${box}</details>`;
}

function commitLine({ sha, message, author }: Commit): Html {
  return markup`<p class="event">${author.name} committed ${shortSha(sha)} ${titleText(message.split("\n")[0]!)}</p>`;
}

function opened({ world }: Place, issue: Issue): Html {
  const author = person(accountOf(world.state, issue.authorId));
  const comments = counted(commentsSeen(world, issue.id).length, "comment");
  return markup`${author} opened this issue ${time(world, issue.createdAt)} · ${comments}`;
}

function merging({ world }: Place, issue: Issue, { merged, size, baseRef, headRef }: Pull): Html {
  const who = person(accountOf(world.state, merged ? merged.byId : issue.authorId));
  const commits = counted(size.commits, "commit");
  return markup`${who} ${merged ? "merged" : "wants to merge"} ${commits} into <code>${baseRef}</code> from <code>${headRef}</code>
<span class="success">+${size.additions}</span> <span class="failure">−${size.deletions}</span>`;
}

function facts({ world }: Place, issue: Issue, pull: Pull | undefined): Html[] {
  const named = (ids: readonly number[]): Html[] => ids.map((id) => person(accountOf(world.state, id)));
  const rows: [string, Html[]][] = [
    ["Labels", labelsOf(world.state, issue).map(labelPill)],
    ["Assignees", named(issue.assigneeIds)],
    ["Reviewers", named(pull?.requestedReviewerIds ?? [])],
  ];
  return rows
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => markup`<div class="row"><span class="quiet">${name}</span> ${values}</div>`);
}
