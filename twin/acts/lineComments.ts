import type { Pull, ReviewComment, Thread } from "../model.ts";
import { needs } from "../needs.ts";
import { repositoryOf } from "../store.ts";
import { demand } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { pendingReview, startReview, submit } from "./reviews.ts";
import { addThread, addToThread, checkPlaces } from "./threads.ts";
import type { NewThread } from "./threads.ts";

/** Starts a thread: in the viewer's pending review if there is one (`inReview`), else as a review of its own, at once. */
export async function startThread(
  world: World,
  viewer: Viewer,
  pull: Pull,
  asked: NewThread & { commitSha?: string | undefined; inReview?: boolean },
): Promise<ReviewComment> {
  demand(viewer, repositoryOf(world.state, pull), needs.review);
  const [place] = await checkPlaces(world, pull, [asked]);
  return write(world, viewer, pull, asked, (review) => addThread(world, viewer, review, place!));
}

/** Answers in a thread: in the viewer's pending review (`inReview`), else as a review of its own, at once. */
export function replyToThread(
  world: World,
  viewer: Viewer,
  thread: Thread,
  { body, inReview }: { body: string; inReview?: boolean },
): ReviewComment {
  const pull = world.state.pulls.rows.get(thread.pullId)!;
  demand(viewer, repositoryOf(world.state, pull), needs.review);
  const asked = inReview === undefined ? {} : { inReview };
  return write(world, viewer, pull, asked, (review) => addToThread(world, viewer, review, { thread, body }));
}

function write(
  world: World,
  viewer: Viewer,
  pull: Pull,
  { inReview = false, commitSha }: { inReview?: boolean; commitSha?: string | undefined },
  add: (review: ReturnType<typeof startReview>) => ReviewComment,
): ReviewComment {
  const pending = inReview ? pendingReview(world, viewer, pull) : undefined;
  const review =
    pending ?? startReview(world, viewer, pull, { body: "", commitSha: commitSha ?? pull.headSha });
  const comment = add(review);
  if (!inReview) submit(world, viewer, review, "COMMENT");
  return comment;
}
