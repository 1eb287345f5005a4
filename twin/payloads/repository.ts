import { issuesOpen } from "../lookup.ts";
import type { Repository } from "../model.ts";
import { nodeId } from "../nodeIds.ts";
import { accountOf, fullName } from "../store.ts";
import type { World } from "../world.ts";
import { simpleUser } from "./account.ts";
import { iso } from "./common.ts";

/** A repository with the addresses alone, as in lists of an installation's and in commits' parents. */
export function minimalRepository(world: World, repository: Repository) {
  const name = fullName(world.state, repository);
  const owner = accountOf(world.state, repository.ownerId);
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: name,
    private: repository.private,
    owner: simpleUser(world, owner),
    html_url: `${world.urls.web}/${name}`,
    description: repository.description,
    fork: false,
    ...addresses(world, name),
  };
}

/** A repository as the webhooks of installations name it. */
export function minimalInstalled(world: World, repository: Repository) {
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: fullName(world.state, repository),
    private: repository.private,
  };
}

/** A repository, whole: as in webhooks and inside other answers. */
export function repositoryPayload(world: World, repository: Repository) {
  const open = issuesOpen(world.state, repository);
  const name = fullName(world.state, repository);
  return {
    ...minimalRepository(world, repository),
    created_at: iso(repository.createdAt),
    updated_at: iso(repository.updatedAt),
    pushed_at: iso(repository.pushedAt),
    git_url: `git:${new URL(world.urls.web).host}/${name}.git`,
    ssh_url: `git@${new URL(world.urls.web).host}:${name}.git`,
    clone_url: `${world.urls.web}/${name}.git`,
    svn_url: `${world.urls.web}/${name}`,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repository.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    topics: [],
    visibility: repository.private ? "private" : "public",
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

/** A repository on a page of its own: `GET /repos/:owner/:repo`. */
export function repositoryPage(world: World, repository: Repository) {
  const owner = accountOf(world.state, repository.ownerId);
  return {
    ...repositoryPayload(world, repository),
    ...mergeSettings(repository),
    web_commit_signoff_required: false,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_message: "COMMIT_MESSAGES",
    squash_merge_commit_title: "COMMIT_OR_PR_TITLE",
    merge_commit_message: "PR_TITLE",
    merge_commit_title: "MERGE_MESSAGE",
    network_count: 0,
    subscribers_count: 0,
    ...(owner.type === "Organization" ? { organization: simpleUser(world, owner) } : {}),
  };
}

/** How the repository may be merged into, as pull requests tell of their base. */
export function mergeSettings(repository: Repository) {
  return {
    allow_squash_merge: repository.mergeMethods.squash,
    allow_merge_commit: repository.mergeMethods.merge,
    allow_rebase_merge: repository.mergeMethods.rebase,
    allow_auto_merge: false,
    delete_branch_on_merge: repository.deleteBranchOnMerge,
    allow_update_branch: true,
  };
}

function addresses(world: World, name: string) {
  const url = `${world.urls.api}/repos/${name}`;
  return {
    url,
    forks_url: `${url}/forks`,
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    teams_url: `${url}/teams`,
    hooks_url: `${url}/hooks`,
    issue_events_url: `${url}/issues/events{/number}`,
    events_url: `${url}/events`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    tags_url: `${url}/tags`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    languages_url: `${url}/languages`,
    stargazers_url: `${url}/stargazers`,
    contributors_url: `${url}/contributors`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    merges_url: `${url}/merges`,
    archive_url: `${url}/{archive_format}{/ref}`,
    downloads_url: `${url}/downloads`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    deployments_url: `${url}/deployments`,
  };
}
