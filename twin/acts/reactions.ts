import { GitHubError, invalid } from "../errors.ts";
import { reactionContents } from "../model.ts";
import type { Reactable, Reaction, ReactionContent } from "../model.ts";
import { needs } from "../needs.ts";
import { newId, repositoryOf } from "../store.ts";
import { childrenOf, insert, remove } from "../table.ts";
import { actor, demand } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";

/** Reacts; a reaction that is there already is given back. GitHub has no webhook for reactions. */
export function react(
  world: World,
  viewer: Viewer,
  subject: Reactable,
  content: string,
): { reaction: Reaction; created: boolean } {
  demandTalk(world, viewer, subject);
  if (!isContent(content)) throw invalid({ resource: "Reaction", field: "content", code: "invalid" });
  const existing = own(world, viewer, subject, content);
  if (existing) return { reaction: existing, created: false };
  const reaction = insert(world.state.reactions, {
    id: newId(world.state),
    subjectId: subject.id,
    content,
    accountId: actor(viewer).id,
    createdAt: world.now(),
  });
  return { reaction, created: true };
}

/** Takes the viewer's own reaction back. */
export function unreact(world: World, viewer: Viewer, subject: Reactable, content: ReactionContent): void {
  demandTalk(world, viewer, subject);
  const reaction = own(world, viewer, subject, content);
  if (reaction) remove(world.state.reactions, reaction);
}

/** Takes a reaction back by its id. @throws GitHubError 403 for someone else's */
export function deleteReaction(world: World, viewer: Viewer, subject: Reactable, reaction: Reaction): void {
  demandTalk(world, viewer, subject);
  if (reaction.accountId !== actor(viewer).id)
    throw new GitHubError(403, "You do not have permission to delete this reaction.");
  remove(world.state.reactions, reaction);
}

/** GitHub counts comments on pull requests as issues here, and reviews as pull requests. */
function demandTalk(world: World, viewer: Viewer, subject: Reactable): void {
  const { state } = world;
  if ("pullId" in subject)
    demand(viewer, repositoryOf(state, state.pulls.rows.get(subject.pullId)!), needs.review);
  else {
    const issue = "issueId" in subject ? state.issues.rows.get(subject.issueId)! : subject;
    demand(viewer, repositoryOf(state, issue), needs.reactToIssues);
  }
}

function own(
  world: World,
  viewer: Viewer,
  subject: Reactable,
  content: ReactionContent,
): Reaction | undefined {
  const by = actor(viewer).id;
  return childrenOf(world.state.reactions, subject.id).find(
    (reaction) => reaction.accountId === by && reaction.content === content,
  );
}

function isContent(text: string): text is ReactionContent {
  return (reactionContents as readonly string[]).includes(text);
}
