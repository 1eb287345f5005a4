import { GitHubError, invalid } from "../errors.ts";
import { readCommit } from "../git/objects.ts";
import { listRefs } from "../git/refs.ts";
import { gitDir } from "../git/run.ts";
import type { CommitStatus, Repository } from "../model.ts";
import { needs } from "../needs.ts";
import { commitPayload } from "../payloads/commit.ts";
import { iso } from "../payloads/common.ts";
import { fullName, newId } from "../store.ts";
import { insert } from "../table.ts";
import { actor, demand } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { tell } from "./record.ts";

const states = ["error", "failure", "pending", "success"] as const;

/** Sets a commit's status for one context (a name such as `ci/build`). */
export async function createStatus(
  world: World,
  viewer: Viewer,
  repository: Repository,
  asked: {
    sha: string;
    state: string;
    context?: string;
    description?: string | null;
    targetUrl?: string | null;
  },
): Promise<CommitStatus> {
  demand(viewer, repository, needs.writeStatuses);
  const state = states.find((known) => known === asked.state);
  if (!state) throw invalid({ resource: "Status", field: "state", code: "invalid" });
  const commit = await readCommit(gitDir(world, repository), asked.sha);
  if (!commit) throw new GitHubError(422, `No commit found for SHA: ${asked.sha}`);
  const status = insert(world.state.statuses, {
    id: newId(world.state),
    repositoryId: repository.id,
    sha: commit.sha,
    context: asked.context ?? "default",
    state,
    description: asked.description ?? null,
    targetUrl: asked.targetUrl ?? null,
    creatorId: actor(viewer).id,
    createdAt: world.now(),
  });
  const body = {
    id: status.id,
    sha: status.sha,
    name: fullName(world.state, repository),
    avatar_url: `${world.urls.web}/avatars/u/${status.creatorId}?v=4`,
    target_url: status.targetUrl,
    context: status.context,
    description: status.description,
    state: status.state,
    commit: commitPayload(world, repository, commit),
    branches: await branchesAt(world, repository, status.sha),
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
  };
  tell(world, viewer, { event: "status", action: null, repository, body });
  return status;
}

async function branchesAt(world: World, repository: Repository, sha: string) {
  const url = `${world.urls.api}/repos/${fullName(world.state, repository)}/commits/${sha}`;
  return [...(await listRefs(gitDir(world, repository)))]
    .filter(([ref, tip]) => ref.startsWith("refs/heads/") && tip === sha)
    .map(([ref]) => {
      const name = ref.slice("refs/heads/".length);
      const isProtected = repository.protections.some((protection) => protection.branch === name);
      return { name, commit: { sha, url }, protected: isProtected };
    });
}
