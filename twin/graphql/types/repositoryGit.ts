import type * as github from "@octokit/graphql-schema";
import { listRefs, readRef } from "../../git/refs.ts";
import type { Repository } from "../../model.ts";
import type { Fields, RefSource } from "../ask.ts";
import { connection } from "../connection.ts";
import { dirOf, gitObject } from "../objects.ts";
import { existingRef } from "../refs.ts";
import { notInTwin } from "../refusal.ts";

/** What a repository tells of its refs and objects. */
export const repositoryGitFields = {
  isEmpty: async (repository, _args, { world }) =>
    (await listRefs(dirOf(world, { repositoryId: repository.id }))).size === 0,
  defaultBranchRef: (repository, _args, { world }) =>
    existingRef(world, repository.id, `refs/heads/${repository.defaultBranch}`),
  ref: async (repository, { qualifiedName }: github.RepositoryRefArgs, { world }) => {
    if (qualifiedName.startsWith("refs/")) return existingRef(world, repository.id, qualifiedName);
    return (
      (await existingRef(world, repository.id, `refs/heads/${qualifiedName}`)) ??
      existingRef(world, repository.id, `refs/tags/${qualifiedName}`)
    );
  },
  refs: async (repository, args: github.RepositoryRefsArgs, ask) => {
    if (args.orderBy && args.orderBy.field !== "ALPHABETICAL")
      throw notInTwin("RefOrderField", args.orderBy.field);
    const prefix = args.refPrefix.endsWith("/") ? args.refPrefix : `${args.refPrefix}/`;
    const text = args.query?.toLowerCase() ?? "";
    const all = await listRefs(dirOf(ask.world, { repositoryId: repository.id }));
    const names = [...all.keys()].filter(
      (name) => name.startsWith(prefix) && name.slice(prefix.length).toLowerCase().includes(text),
    );
    return connection(names, args, ask.info, {
      key: (name) => [name],
      descending: (args.orderBy?.direction ?? args.direction ?? "ASC") === "DESC",
      node: (name): RefSource => ({ repositoryId: repository.id, name }),
    });
  },
  object: async (repository, args: github.RepositoryObjectArgs, { world }) => {
    const expression = args.oid == null ? (args.expression ?? null) : String(args.oid);
    if (expression === null) return null;
    const oid = await readRef(
      dirOf(world, { repositoryId: repository.id }),
      onDefault(repository, expression),
    );
    if (!oid) return null;
    const path = /:(.+?)\/*$/.exec(expression)?.[1];
    return gitObject(world, { repositoryId: repository.id, oid, ...(path && { path }) });
  },
} satisfies Fields<github.Repository, Repository>;

/** `HEAD` is the default branch, whatever the bare repository's own HEAD is. */
function onDefault(repository: Repository, expression: string): string {
  return expression.replace(/^HEAD(?=$|[:^~@])/, `refs/heads/${repository.defaultBranch}`);
}
