import type { Account, Commit, Repository, Signature } from "../model.ts";
import { keyedNodeId } from "../nodeIds.ts";
import { fullName } from "../store.ts";
import type { World } from "../world.ts";
import type { FileChange } from "../git/compare.ts";
import { simpleUser } from "./account.ts";
import { iso } from "./common.ts";

/** The account behind a commit's address: GitHub's own no-reply addresses, or the account's public one. */
export function accountByEmail(world: World, email: string): Account | undefined {
  const id = /^(\d+)\+.*@users\.noreply\./.exec(email)?.[1];
  if (id) return world.state.accounts.rows.get(Number(id));
  return [...world.state.accounts.rows.values()].find((account) => account.email === email);
}

/** How an account signs what it writes through the API. */
export function signatureOf(world: World, account: Account, at: number): Signature {
  const host = new URL(world.urls.web).hostname;
  return {
    name: account.name ?? account.login,
    email: account.email ?? `${account.id}+${account.login}@users.noreply.${host}`,
    at,
  };
}

/** A commit as git has it: `GET …/git/commits/:sha`. */
export function gitCommit(world: World, repository: Repository, commit: Commit) {
  const url = `${world.urls.api}/repos/${fullName(world.state, repository)}`;
  const page = `${world.urls.web}/${fullName(world.state, repository)}/commit`;
  return {
    sha: commit.sha,
    node_id: keyedNodeId("Commit", repository.id, commit.sha),
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${page}/${commit.sha}`,
    author: dated(commit.author),
    committer: dated(commit.committer),
    tree: { sha: commit.treeSha, url: `${url}/git/trees/${commit.treeSha}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/git/commits/${sha}`,
      html_url: `${page}/${sha}`,
    })),
    verification: unsigned,
  };
}

/** A commit as GitHub shows it, with the accounts behind it. */
export function commitPayload(world: World, repository: Repository, commit: Commit) {
  const url = `${world.urls.api}/repos/${fullName(world.state, repository)}`;
  const plain = gitCommit(world, repository, commit);
  const person = ({ email }: Signature) => {
    const account = accountByEmail(world, email);
    return account ? simpleUser(world, account) : null;
  };
  return {
    sha: commit.sha,
    node_id: plain.node_id,
    commit: {
      author: plain.author,
      committer: plain.committer,
      message: commit.message,
      tree: plain.tree,
      url: plain.url,
      comment_count: 0,
      verification: unsigned,
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: plain.html_url,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author: person(commit.author),
    committer: person(commit.committer),
    parents: plain.parents.map((parent) => ({ ...parent, url: `${url}/commits/${parent.sha}` })),
  };
}

/** A commit as check suites name it. */
export function simpleCommit(commit: Commit) {
  return {
    id: commit.sha,
    tree_id: commit.treeSha,
    message: commit.message,
    timestamp: iso(commit.author.at),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

/** A changed file, of a commit, a comparison or a pull request. */
export function filePayload(
  world: World,
  repository: Repository,
  { file, sha }: { file: FileChange; sha: string },
) {
  const name = fullName(world.state, repository);
  const path = file.path.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${world.urls.web}/${name}/blob/${sha}/${path}`,
    raw_url: `${world.urls.web}/${name}/raw/${sha}/${path}`,
    contents_url: `${world.urls.api}/repos/${name}/contents/${path}?ref=${sha}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  };
}

const unsigned = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };

function dated({ name, email, at }: Signature) {
  return { name, email, date: iso(at) };
}
