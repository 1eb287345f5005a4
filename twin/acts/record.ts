import type { ActionOf, Named } from "../hooks/events.ts";
import type { Issue, Pull, Repository, TimelineEvent, Writing } from "../model.ts";
import { issuePayload } from "../payloads/issue.ts";
import { pullPayload } from "../payloads/pull.ts";
import { newId, pullOfIssue, repositoryOf } from "../store.ts";
import { insert } from "../table.ts";
import { actor, viaApp } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";

type Happening<Event> = Event extends unknown
  ? Omit<Event, "id" | "issueId" | "actorId" | "appId" | "at">
  : never;

/** Adds an event to the timeline of an issue or pull request, and dates it. */
export function record(
  world: World,
  viewer: Viewer,
  issue: Issue,
  happening: Happening<TimelineEvent>,
): void {
  const at = world.now();
  issue.updatedAt = at;
  insert(world.state.timeline, {
    ...happening,
    id: newId(world.state),
    issueId: issue.id,
    actorId: actor(viewer).id,
    appId: viaApp(viewer),
    at,
  });
}

/** Tells apps what the viewer did in a repository. */
export function tell(
  world: World,
  viewer: Viewer,
  told: Named & { repository: Repository; body: Record<string, unknown>; onlyAppId?: number },
): void {
  world.emit({ ...told, sender: actor(viewer) });
}

/** Tells apps what happened to an issue, or to a pull request: GitHub has an event for each. */
export function tellOfIssue(
  world: World,
  viewer: Viewer,
  issue: Issue,
  { action, ...extra }: { action: ActionOf<"issues"> } & Record<string, unknown>,
): void {
  const pull = pullOfIssue(world.state, issue);
  if (pull) return tellOfPull(world, viewer, pull, { action, ...extra });
  const body = { issue: issuePayload(world, issue), ...extra };
  tell(world, viewer, { event: "issues", action, repository: repositoryOf(world.state, issue), body });
}

/** Tells apps what happened to a pull request. */
export function tellOfPull(
  world: World,
  viewer: Viewer,
  pull: Pull,
  { action, ...extra }: { action: ActionOf<"pull_request"> } & Record<string, unknown>,
): void {
  const body = { number: pull.number, pull_request: pullPayload(world, pull), ...extra };
  tell(world, viewer, { event: "pull_request", action, repository: repositoryOf(world.state, pull), body });
}

/** What every new text has. */
export function newWriting(world: World, viewer: Viewer, body: string): Writing {
  const at = world.now();
  return {
    id: newId(world.state),
    authorId: actor(viewer).id,
    appId: viaApp(viewer),
    body,
    edits: [],
    createdAt: at,
    updatedAt: at,
  };
}

/** Changes a text and keeps its history; GitHub writes the original down with the first edit. */
export function rewrite(world: World, viewer: Viewer, writing: Writing, body: string): void {
  const { state } = world;
  const untouched = { deletedAt: null, deletedById: null };
  if (writing.edits.length === 0) {
    const original = { editorId: writing.authorId, editedAt: writing.createdAt, text: writing.body };
    writing.edits.push({ id: newId(state), ...original, ...untouched });
  }
  const at = world.now();
  writing.edits.push({
    id: newId(state),
    editorId: actor(viewer).id,
    editedAt: at,
    text: body,
    ...untouched,
  });
  writing.body = body;
  writing.updatedAt = at;
}
