import type * as github from "@octokit/graphql-schema";
import { listTree, readBlob } from "../../git/objects.ts";
import type { TreeEntry as Entry } from "../../git/objects.ts";
import { keyedNodeId } from "../../nodeIds.ts";
import { repositoryOf } from "../../store.ts";
import type { Ask, Fields, GitObject } from "../ask.ts";
import { dirOf, gitObject } from "../objects.ts";
import type { TreeSource } from "../objects.ts";
import { pathOf, repositoryPage } from "../places.ts";

/** An entry of a tree: the source of `TreeEntry`. `path` is whole. */
export interface TreeEntrySource {
  repositoryId: number;
  entry: Entry;
  name: string;
  path: string;
}

/** What commits, trees and blobs have in common: GitHub's `GitObject`. */
export const gitObjectFields = {
  oid: ({ oid }) => oid,
  abbreviatedOid: ({ oid }) => oid.slice(0, 7),
  repository: (object, _args, { state }) => repositoryOf(state, object),
  commitUrl: (object, _args, ask) => commitUrl(object, ask),
  commitResourcePath: (object, _args, ask) => pathOf(commitUrl(object, ask)),
} satisfies Fields<github.GitObject, GitObject>;

export const Tree: Fields<github.Tree, TreeSource> = {
  ...gitObjectFields,
  id: ({ repositoryId, oid }) => keyedNodeId("Tree", repositoryId, oid),
  entries: (tree, _args, { world }) => entriesOf(tree, dirOf(world, tree)),
};

export const TreeEntry: Fields<github.TreeEntry, TreeEntrySource> = {
  name: ({ name }) => name,
  nameRaw: ({ name }) => Buffer.from(name).toString("base64"),
  path: ({ path }) => path,
  pathRaw: ({ path }) => Buffer.from(path).toString("base64"),
  extension: ({ name }) => /\.[^.]+$/.exec(name)?.[0] ?? "",
  oid: ({ entry }) => entry.sha,
  // Git writes modes in octal; here it is the number.
  mode: ({ entry }) => Number.parseInt(entry.mode, 8),
  type: ({ entry }) => entry.type,
  size: ({ entry }) => entry.size ?? 0,
  object: ({ repositoryId, entry, path }, _args, { world }) =>
    entry.type === "commit" ? null : gitObject(world, { repositoryId, oid: entry.sha, path }),
  repository: (entry, _args, { state }) => repositoryOf(state, entry),
};

export const Blob: Fields<github.Blob, GitObject> = {
  ...gitObjectFields,
  id: ({ repositoryId, oid }) => keyedNodeId("Blob", repositoryId, oid),
  byteSize: async (blob, _args, { world }) => (await readBlob(dirOf(world, blob), blob.oid)).length,
  isBinary: async (blob, _args, { world }) => isBinary(await readBlob(dirOf(world, blob), blob.oid)),
  isTruncated: () => false,
  text: async (blob, _args, { world }) => {
    const content = await readBlob(dirOf(world, blob), blob.oid);
    return isBinary(content) ? null : content.toString("utf8");
  },
};

/** A tree's entries, in git's order. */
async function entriesOf(tree: TreeSource, dir: string): Promise<TreeEntrySource[]> {
  const entries = await listTree(dir, tree.oid);
  return entries.map((entry) => ({
    repositoryId: tree.repositoryId,
    entry,
    name: entry.path,
    path: tree.path ? `${tree.path}/${entry.path}` : entry.path,
  }));
}

/** As git judges it: a NUL in the first 8,000 bytes. */
function isBinary(content: Buffer): boolean {
  return content.subarray(0, 8000).includes(0);
}

function commitUrl(object: GitObject, { world, state }: Ask): string {
  return `${repositoryPage(world, repositoryOf(state, object))}/commit/${object.oid}`;
}
