import type * as github from "@octokit/graphql-schema";
import { listCommits } from "../git/objects.ts";
import type { Commit } from "../model.ts";
import { decodeNodeId } from "../nodeIds.ts";
import { accountByEmail } from "../payloads/commit.ts";
import type { Ask, GitObject } from "./ask.ts";
import { byPosition, connection } from "./connection.ts";
import { dirOf } from "./objects.ts";

/** The commits before and with a commit, newest first, filtered as the arguments say. */
export async function historyOf(commit: GitObject, args: github.CommitHistoryArgs, ask: Ask) {
  const options = [
    ...(args.since == null ? [] : [`--since=${String(args.since)}`]),
    ...(args.until == null ? [] : [`--until=${String(args.until)}`]),
    ...(args.path == null ? [] : ["--", args.path]),
  ];
  const commits = await listCommits(dirOf(ask.world, commit), commit.oid, options);
  const found = commits.filter((each) => isBy(each, args.author, ask));
  return connection(found, args, ask.info, {
    ...byPosition,
    node: (each): GitObject => ({ repositoryId: commit.repositoryId, oid: each.sha }),
  });
}

function isBy(commit: Commit, author: github.CommitAuthor | null | undefined, { world }: Ask): boolean {
  if (author?.id != null)
    return accountByEmail(world, commit.author.email)?.id === decodeNodeId(author.id)?.id;
  return author?.emails == null || author.emails.includes(commit.author.email);
}
