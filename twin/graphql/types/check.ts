import type * as github from "@octokit/graphql-schema";
import { openPullsFrom } from "../../lookup.ts";
import type { Annotation, CheckRun as Run, CheckSuite as Suite } from "../../model.ts";
import { nodeId } from "../../nodeIds.ts";
import { annotationPayload, checkRunPayload } from "../../payloads/check.ts";
import { iso, isoOrNull } from "../../payloads/common.ts";
import { latestRuns, repositoryOf, suiteOutcome } from "../../store.ts";
import { childrenOf } from "../../table.ts";
import type { Ask, Fields, GitObject } from "../ask.ts";
import { byId, byPosition, connection } from "../connection.ts";
import { pullConnection } from "../issues.ts";
import { pathOf, repositoryPage } from "../places.ts";
import { existingRef } from "../refs.ts";
import { isRequired } from "../required.ts";

export const CheckSuite: Fields<github.CheckSuite, Suite> = {
  id: (suite) => nodeId("CheckSuite", suite.id),
  databaseId: (suite) => suite.id,
  app: (suite, _args, { state }) => state.apps.rows.get(suite.appId),
  status: (suite, _args, { state }) => suiteOutcome(state, suite).status.toUpperCase(),
  conclusion: (suite, _args, { state }) => suiteOutcome(state, suite).conclusion?.toUpperCase() ?? null,
  commit: (suite): GitObject => ({ repositoryId: suite.repositoryId, oid: suite.headSha }),
  branch: (suite, _args, { world }) =>
    suite.headBranch === null
      ? null
      : existingRef(world, suite.repositoryId, `refs/heads/${suite.headBranch}`),
  repository: (suite, _args, { state }) => repositoryOf(state, suite),
  createdAt: (suite) => iso(suite.createdAt),
  updatedAt: (suite) => iso(suite.updatedAt),
  url: (suite, _args, ask) => suiteUrl(suite, ask),
  resourcePath: (suite, _args, ask) => pathOf(suiteUrl(suite, ask)),
  // GitHub Actions isn't in the twin.
  workflowRun: () => null,
  matchingPullRequests: (suite, args: github.CheckSuiteMatchingPullRequestsArgs, ask) =>
    pullConnection(openPullsFrom(ask.state, suite.repositoryId, { sha: suite.headSha }), args, ask),
  checkRuns: (suite, args: github.CheckSuiteCheckRunsArgs, ask) => {
    const runs = childrenOf(ask.state.checkRuns, suite.id);
    const all = args.filterBy?.checkType != null && args.filterBy.checkType === "ALL";
    const found = (all ? runs : latestRuns(runs)).filter((run) => fits(run, args.filterBy));
    return connection(found, args, ask.info, byId);
  },
};

export const CheckRun: Fields<github.CheckRun, Run> = {
  id: (run) => nodeId("CheckRun", run.id),
  databaseId: (run) => run.id,
  name: (run) => run.name,
  status: (run) => run.status.toUpperCase(),
  conclusion: (run) => run.conclusion?.toUpperCase() ?? null,
  startedAt: (run) => iso(run.startedAt),
  completedAt: (run) => isoOrNull(run.completedAt),
  externalId: (run) => run.externalId,
  title: (run) => run.output.title,
  summary: (run) => run.output.summary,
  text: (run) => run.output.text,
  detailsUrl: (run, _args, { world }) => checkRunPayload(world, run).details_url,
  permalink: (run, _args, { world }) => checkRunPayload(world, run).html_url,
  url: (run, _args, { world }) => checkRunPayload(world, run).html_url,
  resourcePath: (run, _args, { world }) => pathOf(checkRunPayload(world, run).html_url),
  checkSuite: (run, _args, { state }) => state.checkSuites.rows.get(run.suiteId),
  repository: (run, _args, { state }) => repositoryOf(state, run),
  isRequired: (run, args: github.CheckRunIsRequiredArgs, ask) =>
    isRequired(run.repositoryId, run.name, args, ask),
  annotations: (run, args: github.CheckRunAnnotationsArgs, ask) =>
    connection(run.annotations, args, ask.info, {
      ...byPosition,
      node: (annotation) => annotationSource(run, annotation, ask),
    }),
};

/** As a plain object: its fields need no arguments. */
function annotationSource(run: Run, annotation: Annotation, { world }: Ask) {
  return {
    annotationLevel: annotation.level.toUpperCase(),
    blobUrl: annotationPayload(world, run, annotation).blob_href,
    location: {
      start: { line: annotation.startLine, column: annotation.startColumn },
      end: { line: annotation.endLine, column: annotation.endColumn },
    },
    message: annotation.message,
    path: annotation.path,
    rawDetails: annotation.rawDetails,
    title: annotation.title,
  };
}

function fits(run: Run, filter: github.CheckRunFilter | null | undefined): boolean {
  if (!filter) return true;
  const statuses: string[] = [...(filter.statuses ?? []), ...(filter.status ? [filter.status] : [])];
  const conclusions: string[] = filter.conclusions ?? [];
  return (
    (filter.appId == null || filter.appId === run.appId) &&
    (filter.checkName == null || filter.checkName === run.name) &&
    (statuses.length === 0 || statuses.includes(run.status.toUpperCase())) &&
    (conclusions.length === 0 || conclusions.includes(run.conclusion?.toUpperCase() ?? ""))
  );
}

function suiteUrl(suite: Suite, { world, state }: Ask): string {
  return `${repositoryPage(world, repositoryOf(state, suite))}/commit/${suite.headSha}/checks?check_suite_id=${suite.id}`;
}
