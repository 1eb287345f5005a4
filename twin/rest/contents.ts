import { posix } from "node:path";
import { z } from "zod";
import { checkPath, mergeBranches, writeFile } from "../acts/contents.ts";
import { GitHubError, notFound } from "../errors.ts";
import { aheadBehind, diffFiles, mergeBase } from "../git/compare.ts";
import { listCommits, listTree, readBlob, readCommit } from "../git/objects.ts";
import type { TreeEntry } from "../git/objects.ts";
import { listRefs, resolveCommit } from "../git/refs.ts";
import { gitDir } from "../git/run.ts";
import { take } from "../http.ts";
import type { Answer, Route } from "../http.ts";
import { needs } from "../needs.ts";
import { commitPayload, filePayload, gitCommit } from "../payloads/commit.ts";
import { fullName } from "../store.ts";
import { created, existing, noContent, ofRepository, ok, page } from "./route.ts";
import type { RepositoryCall } from "./route.ts";

/** Files, commits, branches and comparisons: "Contents" on GitHub's page of permissions. */
export const contentRoutes: readonly Route[] = [
  ofRepository("GET /contents", needs.readContents, (call) => readPath(call, "")),
  ofRepository("GET /contents/:path*", needs.readContents, (call) => readPath(call, call.params["path"]!)),
  ofRepository("GET /readme", needs.readContents, (call) => readPath(call, "README.md")),
  ofRepository("PUT /contents/:path*", needs.writeContents, async (call) => {
    const asked = take(call, fileSchema);
    const path = checkPath(call.params["path"]!);
    const content = Buffer.from(asked.content, "base64");
    const { commit, created } = await writeFile(call.world, call.viewer, call.repository, {
      ...asked,
      path,
      content,
    });
    const [entry] = await listTree(gitDir(call.world, call.repository), commit.sha, { path });
    const shown = entryPayload(call, entry!, asked.branch ?? call.repository.defaultBranch);
    const body = { content: shown, commit: gitCommit(call.world, call.repository, commit) };
    return { status: created ? 201 : 200, body };
  }),
  ofRepository("DELETE /contents/:path*", needs.writeContents, async (call) => {
    const asked = take(call, fileSchema.omit({ content: true }).extend({ sha: z.string() }));
    const path = checkPath(call.params["path"]!);
    const { commit } = await writeFile(call.world, call.viewer, call.repository, {
      ...asked,
      path,
      content: null,
    });
    return ok({ content: null, commit: gitCommit(call.world, call.repository, commit) });
  }),
  ofRepository("GET /branches", needs.readContents, async (call) => {
    const refs = await listRefs(gitDir(call.world, call.repository));
    const branches = [...refs].filter(([ref]) => ref.startsWith("refs/heads/"));
    return page(call, branches, ([ref, sha]) => branchSummary(call, ref.slice("refs/heads/".length), sha));
  }),
  ofRepository("GET /branches/:branch*", needs.readContents, async (call) => {
    const name = call.params["branch"]!;
    const refs = await listRefs(gitDir(call.world, call.repository));
    const sha = refs.get(`refs/heads/${name}`);
    if (!sha) throw new GitHubError(404, "Branch not found");
    return ok(await branchPage(call, name, sha));
  }),
  ofRepository("GET /commits", needs.readContents, async (call) => {
    const { query } = call;
    const from = await commitNamed(call, query.get("sha") ?? call.repository.defaultBranch);
    const flags = query.has("since") ? [`--since=${query.get("since")!}`] : [];
    const paths = query.has("path") ? ["--", query.get("path")!] : [];
    const commits = await listCommits(gitDir(call.world, call.repository), from, [
      "--max-count=1000",
      ...flags,
      ...paths,
    ]);
    return page(call, commits, (commit) => commitPayload(call.world, call.repository, commit));
  }),
  ofRepository("GET /compare/:range*", needs.readContents, (call) => compare(call)),
  ofRepository("POST /merges", needs.writeContents, async (call) => {
    const { base, head, commit_message: message } = take(call, mergeSchema);
    const commit = await mergeBranches(call.world, call.viewer, call.repository, { base, head, message });
    return commit ? created(commitPayload(call.world, call.repository, commit)) : noContent();
  }),
];

/** `GET /commits/:ref`: after all routes below `/commits/`, because a ref may have slashes. */
export const commitRoute: Route = ofRepository("GET /commits/:ref*", needs.readContents, async (call) => {
  const { world, repository } = call;
  const dir = gitDir(world, repository);
  const sha = await commitNamed(call, call.params["ref"]!);
  const commit = existing(await readCommit(dir, sha));
  const files = await diffFiles(dir, commit.parents[0] ?? emptyTreeSha, sha);
  const shown = files.map((file) => filePayload(world, repository, { file, sha }));
  return ok({ ...commitPayload(world, repository, commit), stats: statsOf(files), files: shown });
});

/** The commit that a branch, tag or sha names. @throws GitHubError 422 as GitHub says for unknown ones */
export async function commitNamed(call: RepositoryCall, name: string): Promise<string> {
  const sha = await resolveCommit(gitDir(call.world, call.repository), name);
  if (!sha) throw new GitHubError(422, `No commit found for SHA: ${name}`);
  return sha;
}

/** Git knows it without its being written. */
const emptyTreeSha = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

const person = z.object({ name: z.string(), email: z.string() });
const fileSchema = z.object({
  message: z.string(),
  content: z.string(),
  sha: z.string().optional(),
  branch: z.string().optional(),
  author: person.optional(),
  committer: person.optional(),
});
const mergeSchema = z.object({ base: z.string(), head: z.string(), commit_message: z.string().optional() });

async function readPath(call: RepositoryCall, asked: string): Promise<Answer> {
  const dir = gitDir(call.world, call.repository);
  const ref = call.query.get("ref") ?? call.repository.defaultBranch;
  const commit = await resolveCommit(dir, ref.replace(/^refs\//, ""));
  if (!commit) throw new GitHubError(404, `No commit found for the ref ${ref}`);
  const path = asked.replace(/^\/+|\/+$/g, "");
  if (path.split("/").includes("..")) throw notFound();
  const entry = path === "" ? undefined : existing((await listTree(dir, commit, { path }))[0]);
  if (entry?.type !== "blob" && entry?.type !== "commit") {
    const inside = await listTree(dir, commit, path === "" ? {} : { path: `${path}/` });
    return ok(inside.map((one) => entryPayload(call, one, ref)));
  }
  if (entry.type === "commit") throw new GitHubError(501, `The twin reads no submodules: ${path}`);
  const content = await readBlob(dir, entry.sha);
  if (entry.mode === "120000") {
    const target = content.toString("utf8");
    const file = await fileBehind(dir, commit, { path, target });
    return file ? readPath(call, file) : ok({ ...entryPayload(call, entry, ref), target });
  }
  if (/\.raw(\+json)?\b/.test(call.accept))
    return {
      status: 200,
      headers: { "content-type": "application/vnd.github.raw; charset=utf-8" },
      body: content,
    };
  const encoded = content.toString("base64").replace(/.{60}/g, "$&\n");
  return ok({ ...entryPayload(call, entry, ref), encoding: "base64", content: `${encoded}\n` });
}

/** The file to which a symbolic link leads: https://docs.github.com/en/rest/repos/contents#get-repository-content */
async function fileBehind(
  dir: string,
  commit: string,
  { path, target }: { path: string; target: string },
): Promise<string | undefined> {
  const file = posix.join(posix.dirname(path), target);
  if (posix.isAbsolute(target) || file.startsWith("../")) return undefined;
  const [entry] = await listTree(dir, commit, { path: file });
  return entry?.type === "blob" && entry.mode !== "120000" ? file : undefined;
}

function entryPayload({ world, repository }: RepositoryCall, entry: TreeEntry, ref: string) {
  const name = fullName(world.state, repository);
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  const type = { blob: "file", tree: "dir", commit: "submodule" }[entry.type];
  const self = `${world.urls.api}/repos/${name}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const git = `${world.urls.api}/repos/${name}/git/${entry.type === "tree" ? "trees" : "blobs"}/${entry.sha}`;
  const html = `${world.urls.web}/${name}/${entry.type}/${ref}/${path}`;
  return {
    name: entry.path.split("/").at(-1)!,
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url: self,
    html_url: html,
    git_url: git,
    download_url: type === "file" ? `${world.urls.web}/${name}/raw/${ref}/${path}` : null,
    type: entry.mode === "120000" ? "symlink" : type,
    _links: { self, git, html },
  };
}

function branchSummary({ world, repository }: RepositoryCall, name: string, sha: string) {
  const url = `${world.urls.api}/repos/${fullName(world.state, repository)}/commits/${sha}`;
  return { name, commit: { sha, url }, protected: protects(repository, name) };
}

async function branchPage({ world, repository }: RepositoryCall, name: string, sha: string) {
  const commit = existing(await readCommit(gitDir(world, repository), sha));
  const url = `${world.urls.api}/repos/${fullName(world.state, repository)}/branches/${encodeURIComponent(name)}`;
  const rule = repository.protections.find(({ branch }) => branch === name);
  const checks = rule?.requiredChecks ?? [];
  return {
    name,
    commit: commitPayload(world, repository, commit),
    _links: { self: url, html: `${world.urls.web}/${fullName(world.state, repository)}/tree/${name}` },
    protected: rule !== undefined,
    protection: {
      enabled: rule !== undefined,
      required_status_checks: {
        enforcement_level: checks.length > 0 ? "non_admins" : "off",
        contexts: checks,
        checks: checks.map((context) => ({ context, app_id: null })),
      },
    },
    protection_url: `${url}/protection`,
  };
}

function protects({ protections }: RepositoryCall["repository"], name: string): boolean {
  return protections.some(({ branch }) => branch === name);
}

async function compare(call: RepositoryCall) {
  const { world, repository } = call;
  const dir = gitDir(world, repository);
  const [, from, to] = /^(.+?)\.{2,3}(.+)$/.exec(call.params["range"]!) ?? [];
  if (!from || !to) throw new GitHubError(404, "Not Found");
  const [base, head] = await Promise.all([named(call, from), named(call, to)]);
  const common = await mergeBase(dir, base, head);
  if (!common) throw new GitHubError(404, `No common ancestor between ${from} and ${to}.`);
  const { ahead, behind } = await aheadBehind(dir, base, head);
  const commits = await listCommits(dir, `${base}..${head}`, ["--reverse", "--max-count=250"]);
  const files = await diffFiles(dir, common, head);
  const url = `${world.urls.api}/repos/${fullName(world.state, repository)}/compare/${from}...${to}`;
  const page = `${world.urls.web}/${fullName(world.state, repository)}/compare/${from}...${to}`;
  const shown = async (sha: string) => commitPayload(world, repository, (await readCommit(dir, sha))!);
  return ok({
    url,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: await shown(base),
    merge_base_commit: await shown(common),
    status: ahead > 0 ? (behind > 0 ? "diverged" : "ahead") : behind > 0 ? "behind" : "identical",
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: commits.map((commit) => commitPayload(world, repository, commit)),
    files: files.map((file) => filePayload(world, repository, { file, sha: head })),
  });
}

async function named(call: RepositoryCall, name: string): Promise<string> {
  const branch = name.includes(":") ? name.slice(name.indexOf(":") + 1) : name;
  return existing(await resolveCommit(gitDir(call.world, call.repository), branch));
}

function statsOf(files: readonly { additions: number; deletions: number }[]) {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return { total: additions + deletions, additions, deletions };
}
