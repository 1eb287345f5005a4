import { readCommit, listCommits } from "../git/objects.ts";
import { isAncestor, readRef, zeroSha } from "../git/refs.ts";
import { pathChanges } from "../git/compare.ts";
import { gitDir } from "../git/run.ts";
import type { Commit, Repository } from "../model.ts";
import { accountByEmail } from "../payloads/commit.ts";
import { iso } from "../payloads/common.ts";
import { fullName } from "../store.ts";
import { actor } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { openSuites } from "./checks.ts";
import { issuesClosedBy } from "./closing.ts";
import { shut } from "./issues.ts";
import { baseGone, headGone, headMoved, mergedByPush } from "./pullHeads.ts";
import { tell } from "./record.ts";
import type { RefMove } from "./refs.ts";

/** GitHub lists at most so many commits in a push webhook. */
const commitsTold = 2048;

/** What follows from a ref that moved, by push or by the API: webhooks, pull requests, check suites, closed issues. */
export async function refMoved(
  world: World,
  viewer: Viewer,
  repository: Repository,
  moved: RefMove,
): Promise<void> {
  repository.pushedAt = world.now();
  const branch = /^refs\/heads\/(.*)$/s.exec(moved.ref)?.[1];
  const opens = branch !== undefined && moved.after !== zeroSha;
  const tellOfSuites = opens ? await openSuites(world, viewer, repository, { branch, ...moved }) : null;
  await tellOfPush(world, viewer, repository, moved);
  if (branch === undefined) return;
  if (moved.after === zeroSha) {
    headGone(world, viewer, repository, branch);
    await baseGone(world, viewer, repository, branch);
    return;
  }
  await headMoved(world, viewer, repository, { branch, ...moved });
  await mergedByPush(world, viewer, repository, { branch, after: moved.after });
  tellOfSuites?.();
  if (branch === repository.defaultBranch) await closeByCommits(world, viewer, repository, moved);
}

async function tellOfPush(
  world: World,
  viewer: Viewer,
  repository: Repository,
  moved: RefMove,
): Promise<void> {
  const isTag = moved.ref.startsWith("refs/tags/");
  const short = { ref: moved.ref.replace(/^refs\/(heads|tags)\//, ""), ref_type: isTag ? "tag" : "branch" };
  if (moved.before === zeroSha) {
    const body = { ...short, master_branch: repository.defaultBranch, description: repository.description };
    tell(world, viewer, {
      event: "create",
      action: null,
      repository,
      body: { ...body, pusher_type: "user" },
    });
  }
  if (moved.after === zeroSha)
    tell(world, viewer, {
      event: "delete",
      action: null,
      repository,
      body: { ...short, pusher_type: "user" },
    });
  tell(world, viewer, {
    event: "push",
    action: null,
    repository,
    body: await pushBody(world, viewer, repository, moved),
  });
}

async function pushBody(
  world: World,
  viewer: Viewer,
  repository: Repository,
  { ref, before, after }: RefMove,
) {
  const dir = gitDir(world, repository);
  const commits = after === zeroSha ? [] : await newCommits(world, repository, { ref, before, after });
  const told = await Promise.all(commits.map((commit) => pushCommit(world, repository, commit)));
  const tip = after === zeroSha ? undefined : await readCommit(dir, after);
  const pusher = actor(viewer);
  const page = `${world.urls.web}/${fullName(world.state, repository)}/compare`;
  const range = before === zeroSha ? after.slice(0, 12) : `${before.slice(0, 12)}...${after.slice(0, 12)}`;
  return {
    ref,
    before,
    after,
    created: before === zeroSha,
    deleted: after === zeroSha,
    forced: before !== zeroSha && after !== zeroSha && !(await isAncestor(dir, before, after)),
    base_ref: null,
    compare: `${page}/${range}`,
    commits: told,
    head_commit: tip ? (told.at(-1) ?? (await pushCommit(world, repository, tip))) : null,
    pusher: { name: pusher.login, email: pusher.email },
  };
}

/** Oldest first. A new branch tells what the default branch hasn't. */
async function newCommits(
  world: World,
  repository: Repository,
  { ref, before, after }: RefMove,
): Promise<Commit[]> {
  const dir = gitDir(world, repository);
  const main = `refs/heads/${repository.defaultBranch}`;
  const range = before === zeroSha && ref !== main && (await readRef(dir, main)) ? [`^${main}`] : [];
  if (before !== zeroSha) range.push(`^${before}`);
  return listCommits(dir, after, ["--reverse", `--max-count=${commitsTold}`, ...range]);
}

async function pushCommit(world: World, repository: Repository, commit: Commit) {
  const dir = gitDir(world, repository);
  const person = ({ name, email, at }: Commit["author"]) => {
    const username = accountByEmail(world, email)?.login;
    return { name, email, date: iso(at), ...(username ? { username } : {}) };
  };
  return {
    id: commit.sha,
    tree_id: commit.treeSha,
    distinct: true,
    message: commit.message,
    timestamp: iso(commit.committer.at),
    url: `${world.urls.web}/${fullName(world.state, repository)}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    ...(await pathsOf(dir, commit)),
  };
}

async function pathsOf(dir: string, commit: Commit) {
  const parent = commit.parents[0];
  // Of a first commit and of merges GitHub lists few or none; none keeps a big import cheap.
  if (!parent) return { added: [], removed: [], modified: [] };
  const changes = await pathChanges(dir, parent, commit.sha);
  const lettered = (letters: string) =>
    changes.filter(({ letter }) => letters.includes(letter)).map(({ path }) => path);
  return { added: lettered("A"), removed: lettered("D"), modified: lettered("MT") };
}

async function closeByCommits(
  world: World,
  viewer: Viewer,
  repository: Repository,
  moved: RefMove,
): Promise<void> {
  if (moved.before === zeroSha) return;
  for (const commit of await newCommits(world, repository, moved)) {
    for (const issue of issuesClosedBy(world, repository, commit.message))
      shut(world, viewer, issue, { reason: "completed", byPullId: null });
  }
}
