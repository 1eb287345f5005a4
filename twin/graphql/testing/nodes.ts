import { getNamedType, isLeafType } from "graphql";
import type { GraphQLObjectType } from "graphql";
import { keyedNodeId, nodeId } from "../../nodeIds.ts";
import type { NodeType } from "../../nodeIds.ts";
import { readCommit } from "../../git/objects.ts";
import { readRef } from "../../git/refs.ts";
import { gitDir } from "../../git/run.ts";
import { eventType } from "../names.ts";
import { githubSchema } from "../schema.ts";
import { types } from "../types/index.ts";
import type { Story } from "./story.ts";

/** The node ids of everything in a story, by the name of its type. */
export async function nodesOf({ town, pull, mainSha }: Story): Promise<Map<string, string[]>> {
  const { state } = town.world;
  const found = new Map<string, string[]>();
  const add = (type: string, id: string) => found.set(type, [...(found.get(type) ?? []), id]);
  const addRows = (type: NodeType, rows: Iterable<{ id: number }>) => {
    for (const row of rows) add(type, nodeId(type, row.id));
  };
  for (const account of state.accounts.rows.values()) add(account.type, nodeId(account.type, account.id));
  addRows("App", state.apps.rows.values());
  addRows("Repository", state.repositories.rows.values());
  addRows("Label", state.labels.rows.values());
  addRows(
    "Issue",
    [...state.issues.rows.values()].filter((issue) => !issue.isPull),
  );
  addRows("IssueComment", state.comments.rows.values());
  addRows("PullRequest", state.pulls.rows.values());
  addRows("PullRequestReview", state.reviews.rows.values());
  addRows("PullRequestReviewThread", state.threads.rows.values());
  addRows("PullRequestReviewComment", state.reviewComments.rows.values());
  addRows("Reaction", state.reactions.rows.values());
  addRows(
    "UserContentEdit",
    [...state.comments.rows.values()].flatMap((comment) => comment.edits),
  );
  addRows("CheckSuite", state.checkSuites.rows.values());
  addRows("CheckRun", state.checkRuns.rows.values());
  addRows("StatusContext", state.statuses.rows.values());
  for (const event of state.timeline.rows.values()) add(eventType(event), nodeId("TimelineEvent", event.id));
  const { id } = town.repository;
  for (const type of ["Status", "StatusCheckRollup"] as const) add(type, keyedNodeId(type, id, pull.headSha));
  for (const reviewer of pull.requestedReviewerIds)
    add("ReviewRequest", keyedNodeId("ReviewRequest", id, `${pull.id}:${reviewer}`));
  add("PullRequestCommit", keyedNodeId("PullRequestCommit", id, `${pull.id}:${pull.headSha}`));
  for (const sha of [mainSha, pull.headSha]) add("Commit", keyedNodeId("Commit", id, sha));
  for (const name of ["main", "fix"]) add("Ref", keyedNodeId("Ref", id, `refs/heads/${name}`));
  const dir = gitDir(town.world, town.repository);
  add("Tree", keyedNodeId("Tree", id, (await readCommit(dir, mainSha))!.treeSha));
  add("Blob", keyedNodeId("Blob", id, (await readRef(dir, `${mainSha}:README.md`))!));
  return found;
}

const samples: Readonly<Record<string, string>> = {
  context: 'name: "ci/one"',
  file: 'path: "README.md"',
  isRequired: "pullRequestNumber: 4",
  issue: "number: 1",
  issueOrPullRequest: "number: 4",
  label: 'name: "bug"',
  object: 'expression: "HEAD:src"',
  pullRequest: "number: 4",
  ref: 'qualifiedName: "main"',
  refs: 'refPrefix: "refs/heads/"',
  repository: 'name: "tool"',
};

/** The arguments that a field can't do without, where the story has something for them. */
export function argumentsOf(fieldName: string): string | undefined {
  return samples[fieldName];
}

/** A selection of every field that the twin has of a type; of connections and objects no more than their type. */
export function everyField(typeName: string): string {
  const fields = (githubSchema().getType(typeName) as GraphQLObjectType).getFields();
  return Object.keys(types[typeName]!)
    .map((name) => {
      const field = fields[name]!;
      const type = getNamedType(field.type);
      const isConnection = type.name.endsWith("Connection");
      const sample = field.args.length > 0 ? samples[name] : undefined;
      const given = [sample, isConnection ? "first: 2" : undefined].filter(Boolean).join(", ");
      const args = given === "" ? "" : `(${given})`;
      if (isLeafType(type)) return `${name}${args}`;
      const below = isConnection ? "totalCount pageInfo { endCursor } nodes { __typename }" : "__typename";
      return `${name}${args} { ${below} }`;
    })
    .join("\n");
}
