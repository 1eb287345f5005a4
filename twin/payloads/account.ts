import type { Account, Level } from "../model.ts";
import { nodeId } from "../nodeIds.ts";
import type { World } from "../world.ts";
import { iso } from "./common.ts";

/** An account as it appears inside everything else. */
export function simpleUser(world: World, account: Account) {
  const { api, web } = world.urls;
  const login = encodeURIComponent(account.login);
  const url = `${api}/users/${login}`;
  const slug = account.login.replace(/\[bot\]$/, "");
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type, account.id),
    avatar_url: `${web}/avatars/u/${account.id}?v=4`,
    gravatar_id: "",
    url,
    html_url: account.type === "Bot" ? `${web}/apps/${slug}` : `${web}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: false,
  };
}

/** An account on a page of its own: `GET /users/…` and `GET /user`. */
export function publicUser(world: World, account: Account) {
  return {
    ...simpleUser(world, account),
    name: account.name,
    company: null,
    blog: "",
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: world.state.repositories.children.get(account.id)?.size ?? 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: iso(account.createdAt),
    updated_at: iso(account.createdAt),
  };
}

/** An organization, as webhooks of its repositories name it. */
export function organization(world: World, account: Account) {
  const url = `${world.urls.api}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId("Organization", account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.urls.web}/avatars/u/${account.id}?v=4`,
    description: "",
  };
}

/** A level as the five booleans that GitHub gives beside it. */
export function levelFlags(level: Level) {
  const rank = ["none", "read", "triage", "write", "maintain", "admin"].indexOf(level);
  return { admin: rank >= 5, maintain: rank >= 4, push: rank >= 3, triage: rank >= 2, pull: rank >= 1 };
}
