import { GitHubError, never, notFound } from "./errors.ts";
import { levels } from "./model.ts";
import type { Account, App, Installation, Issue, Level, Permissions, Repository } from "./model.ts";
import { reaches } from "./store.ts";
import type { State } from "./store.ts";

/** Who asks. */
export type Viewer =
  | { kind: "anonymous" }
  | { kind: "user"; account: Account }
  /** An app that proved itself with a JWT: it reaches the `/app` routes alone. */
  | { kind: "app"; app: App }
  | {
      kind: "installation";
      app: App;
      installation: Installation;
      /** The app's bot. */
      account: Account;
      /** What the token was narrowed to. */
      repositories: "all" | number[];
      permissions: Permissions;
    };

/** `issues:write`: a permission of an app, and how much of it. */
export type Grant = `${string}:${"read" | "write"}`;

/** What one must have for something: an app any one of the grants, a person the level. */
export interface Need {
  app: readonly Grant[];
  person: Level;
}

/** Whether `held` is at least `wanted`. */
export function atLeast(held: Level, wanted: Level): boolean {
  return levels.indexOf(held) >= levels.indexOf(wanted);
}

/** A person's level on a repository: the owner is an admin, and everybody reads what is public. */
export function levelOf(repository: Repository, account: Account): Level {
  if (account.id === repository.ownerId) return "admin";
  const given = repository.collaborators.find((found) => found.accountId === account.id)?.level ?? "none";
  return repository.private || given !== "none" ? given : "read";
}

/** Whether permissions include a grant. */
export function grants(held: Permissions, grant: Grant): boolean {
  const [name, access] = grant.split(":") as [string, "read" | "write"];
  const given = held[name];
  return given !== undefined && (access === "read" || given !== "read");
}

/** Whether the viewer may know that the repository exists. */
export function canSee(viewer: Viewer, repository: Repository): boolean {
  switch (viewer.kind) {
    case "anonymous":
    case "app":
      return !repository.private;
    case "user":
      return levelOf(repository, viewer.account) !== "none";
    case "installation":
      return !repository.private || covers(viewer, repository);
    default:
      return never(viewer);
  }
}

/** Whether the viewer has what the need names, on a repository. */
export function may(viewer: Viewer, repository: Repository, need: Need): boolean {
  switch (viewer.kind) {
    case "anonymous":
      return (
        !repository.private && need.person === "read" && need.app.every((grant) => grant.endsWith(":read"))
      );
    case "app":
      return false;
    case "user":
      return atLeast(levelOf(repository, viewer.account), need.person);
    case "installation":
      return covers(viewer, repository) && need.app.some((grant) => grants(viewer.permissions, grant));
    default:
      return never(viewer);
  }
}

/**
 * Lets pass who may.
 *
 * @throws GitHubError 404 for a repository that the viewer can't see, 401 or 403 otherwise, worded as GitHub does.
 */
export function demand(viewer: Viewer, repository: Repository, need: Need): void {
  if (!canSee(viewer, repository)) throw notFound();
  if (may(viewer, repository, need)) {
    if (repository.archived && need.app.some((grant) => grant.endsWith(":write"))) throw archived();
    return;
  }
  throw lacking(viewer);
}

/** The refusal for a viewer who lacks a permission. */
export function lacking(viewer: Viewer): GitHubError {
  switch (viewer.kind) {
    case "anonymous":
      return new GitHubError(401, "Requires authentication");
    case "app":
      return new GitHubError(401, "A JSON web token could not be decoded");
    case "user":
      return new GitHubError(403, "Must have admin rights to Repository.");
    case "installation":
      return new GitHubError(403, "Resource not accessible by integration");
    default:
      return never(viewer);
  }
}

function archived(): GitHubError {
  return new GitHubError(403, "Repository was archived so is read-only.");
}

/** The account that acts. @throws GitHubError 401 for nobody and for an app without an installation. */
export function actor(viewer: Viewer): Account {
  if (viewer.kind === "user" || viewer.kind === "installation") return viewer.account;
  throw lacking(viewer);
}

/** The app through which the viewer writes, for `performed_via_github_app`. */
export function viaApp(viewer: Viewer): number | null {
  return viewer.kind === "installation" ? viewer.app.id : null;
}

/** Whether the viewer wrote it, or may change what others wrote: people from `write` on, apps that hold the grant. */
export function ownsOrMaintains(viewer: Viewer, repository: Repository, authorId: number): boolean {
  if (viewer.kind === "installation") return true;
  return (
    viewer.kind === "user" &&
    (viewer.account.id === authorId || atLeast(levelOf(repository, viewer.account), "write"))
  );
}

/** How GitHub describes an author towards a repository. */
export function association(
  state: State,
  repository: Repository,
  author: Account,
): "OWNER" | "MEMBER" | "COLLABORATOR" | "CONTRIBUTOR" | "NONE" {
  if (author.id === repository.ownerId) return "OWNER";
  if (!repository.collaborators.some((found) => found.accountId === author.id && found.level !== "none"))
    return hasMerged(state, repository, author) ? "CONTRIBUTOR" : "NONE";
  return state.accounts.rows.get(repository.ownerId)?.type === "Organization" ? "MEMBER" : "COLLABORATOR";
}

function hasMerged(state: State, repository: Repository, author: Account): boolean {
  const pulls = state.pulls.children.get(repository.id)?.values() ?? [];
  return [...pulls].some(
    (pull) => pull.merged && state.issues.rows.get(pull.issueId)?.authorId === author.id,
  );
}

/** The grants for writing about an issue; those for pull requests do for a pull request too. */
export function conversationGrants(issue: Issue, access: "read" | "write"): readonly Grant[] {
  return issue.isPull ? [`issues:${access}`, `pull_requests:${access}`] : [`issues:${access}`];
}

function covers(viewer: Extract<Viewer, { kind: "installation" }>, repository: Repository): boolean {
  return (
    viewer.installation.accountId === repository.ownerId &&
    reaches(viewer.installation, repository.id) &&
    reaches(viewer, repository.id)
  );
}
