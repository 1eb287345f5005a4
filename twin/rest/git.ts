import { z } from "zod";
import { createBlob, createCommit, createTree } from "../acts/contents.ts";
import { createRef, deleteRef, updateRef } from "../acts/refs.ts";
import { GitHubError, invalid } from "../errors.ts";
import { listTree, objectType, readBlob, readCommit } from "../git/objects.ts";
import { listRefs, readRef } from "../git/refs.ts";
import { gitDir } from "../git/run.ts";
import { take } from "../http.ts";
import type { Route } from "../http.ts";
import { needs } from "../needs.ts";
import { keyedNodeId } from "../nodeIds.ts";
import { gitCommit } from "../payloads/commit.ts";
import { fullName } from "../store.ts";
import { created, existing, noContent, ofRepository, ok, page } from "./route.ts";
import type { RepositoryCall } from "./route.ts";

/** Git's objects and refs, one by one: "Contents" on GitHub's page of permissions. */
export const gitRoutes: readonly Route[] = [
  ofRepository("GET /git/ref/:ref*", needs.readContents, async (call) => {
    const ref = `refs/${call.params["ref"]!}`;
    const sha = existing(await readRef(gitDir(call.world, call.repository), ref));
    return ok(await refPayload(call, ref, sha));
  }),
  ofRepository("GET /git/matching-refs/:ref*", needs.readContents, async (call) => {
    const prefix = `refs/${call.params["ref"]!}`;
    const refs = [...(await listRefs(gitDir(call.world, call.repository)))].filter(([ref]) =>
      ref.startsWith(prefix),
    );
    const shown = await Promise.all(refs.map(([ref, sha]) => refPayload(call, ref, sha)));
    return page(call, shown, (one) => one);
  }),
  ofRepository("POST /git/refs", needs.writeContents, async (call) => {
    const { ref, sha } = take(call, z.object({ ref: z.string(), sha: z.string() }));
    await createRef(call.world, call.viewer, call.repository, { ref, sha });
    return created(await refPayload(call, ref, sha));
  }),
  ofRepository("PATCH /git/refs/:ref*", needs.writeContents, async (call) => {
    const { sha, force } = take(call, z.object({ sha: z.string(), force: z.boolean().default(false) }));
    const ref = `refs/${call.params["ref"]!}`;
    await updateRef(call.world, call.viewer, call.repository, { ref, sha, force });
    return ok(await refPayload(call, ref, sha));
  }),
  ofRepository("DELETE /git/refs/:ref*", needs.writeContents, async (call) => {
    await deleteRef(call.world, call.viewer, call.repository, `refs/${call.params["ref"]!}`);
    return noContent();
  }),
  ofRepository("GET /git/commits/:sha", needs.readContents, async (call) => {
    const commit = existing(await readCommit(gitDir(call.world, call.repository), call.params["sha"]!));
    return ok(gitCommit(call.world, call.repository, commit));
  }),
  ofRepository("POST /git/commits", needs.writeContents, async (call) => {
    const { author, committer, ...asked } = take(call, commitSchema);
    const now = call.world.now();
    const commit = await createCommit(call.world, call.viewer, call.repository, {
      ...asked,
      ...(author && { author: signed(author, now) }),
      ...(committer && { committer: signed(committer, now) }),
    });
    return created(gitCommit(call.world, call.repository, commit));
  }),
  ofRepository("GET /git/trees/:tree*", needs.readContents, async (call) => {
    const dir = gitDir(call.world, call.repository);
    const name = call.params["tree"]!;
    const tree = (await readRef(dir, `${name}^{tree}`)) ?? (await readRef(dir, `refs/heads/${name}^{tree}`));
    return ok(await treePayload(call, existing(tree), { recursive: call.query.has("recursive") }));
  }),
  ofRepository("POST /git/trees", needs.writeContents, async (call) => {
    const { tree, base_tree } = take(call, treeSchema);
    const entries = tree.map(({ content, sha = null, ...entry }) => {
      if (content === undefined && sha === undefined)
        throw invalid({ resource: "Tree", code: "missing_field" });
      return { ...entry, sha, ...(content === undefined ? {} : { content }) };
    });
    const sha = await createTree(call.world, call.viewer, call.repository, {
      base: base_tree ?? null,
      entries,
    });
    return created(await treePayload(call, sha, { recursive: false }));
  }),
  ofRepository("GET /git/blobs/:sha", needs.readContents, async (call) => {
    const dir = gitDir(call.world, call.repository);
    const sha = call.params["sha"]!;
    if ((await objectType(dir, sha)) !== "blob") throw new GitHubError(404, "Not Found");
    const content = await readBlob(dir, sha);
    return ok({
      ...objectLinks(call, "blobs", sha),
      size: content.length,
      encoding: "base64",
      content: content.toString("base64"),
    });
  }),
  ofRepository("POST /git/blobs", needs.writeContents, async (call) => {
    const { content, encoding } = take(call, blobSchema);
    const bytes = Buffer.from(content, encoding === "base64" ? "base64" : "utf8");
    const sha = await createBlob(call.world, call.viewer, call.repository, bytes);
    return created({ sha, url: objectLinks(call, "blobs", sha).url });
  }),
];

const signature = z.object({
  name: z.string(),
  email: z.string(),
  date: z.iso.datetime({ offset: true }).optional(),
});
const commitSchema = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  author: signature.optional(),
  committer: signature.optional(),
});
const treeSchema = z.object({
  base_tree: z.string().nullish(),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.enum(["100644", "100755", "040000", "160000", "120000"]),
      type: z.enum(["blob", "tree", "commit"]).optional(),
      sha: z.string().nullish(),
      content: z.string().optional(),
    }),
  ),
});
const blobSchema = z.object({ content: z.string(), encoding: z.enum(["utf-8", "base64"]).default("utf-8") });

function signed({ name, email, date }: z.infer<typeof signature>, now: number) {
  return { name, email, at: date === undefined ? now : Date.parse(date) };
}

async function refPayload(call: RepositoryCall, ref: string, sha: string) {
  const type = existing(await objectType(gitDir(call.world, call.repository), sha));
  const url = `${call.world.urls.api}/repos/${fullName(call.world.state, call.repository)}/git`;
  const object = { sha, type, url: `${url}/${type}s/${sha}` };
  return { ref, node_id: keyedNodeId("Ref", call.repository.id, ref), url: `${url}/${ref}`, object };
}

async function treePayload(call: RepositoryCall, sha: string, { recursive }: { recursive: boolean }) {
  const entries = await listTree(gitDir(call.world, call.repository), sha, { recursive });
  const tree = entries.map(({ size, ...entry }) => ({
    ...entry,
    ...(size === null ? {} : { size }),
    url: objectLinks(call, entry.type === "tree" ? "trees" : "blobs", entry.sha).url,
  }));
  return { sha, url: objectLinks(call, "trees", sha).url, tree, truncated: false };
}

function objectLinks({ world, repository }: RepositoryCall, kind: "blobs" | "trees", sha: string) {
  const url = `${world.urls.api}/repos/${fullName(world.state, repository)}/git/${kind}/${sha}`;
  return { sha, node_id: keyedNodeId(kind === "blobs" ? "Blob" : "Tree", repository.id, sha), url };
}
