import { openPullsFrom } from "../lookup.ts";
import type { Annotation, CheckRun, CheckSuite, CommitStatus } from "../model.ts";
import { nodeId } from "../nodeIds.ts";
import { accountOf, fullName, latestRuns, suiteOutcome } from "../store.ts";
import { childrenOf } from "../table.ts";
import type { World } from "../world.ts";
import { simpleUser } from "./account.ts";
import { integration } from "./app.ts";
import { simpleCommit } from "./commit.ts";
import { iso, isoOrNull } from "./common.ts";
import { pullMinimal } from "./pull.ts";
import { minimalRepository } from "./repository.ts";

/** A check run, as REST gives it. */
export function checkRunPayload(world: World, run: CheckRun) {
  const repository = world.state.repositories.rows.get(run.repositoryId)!;
  const name = fullName(world.state, repository);
  const url = `${world.urls.api}/repos/${name}/check-runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("CheckRun", run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: `${world.urls.web}/${name}/runs/${run.id}`,
    details_url: run.detailsUrl ?? `${world.urls.web}/${name}/runs/${run.id}`,
    status: run.status,
    conclusion: run.conclusion,
    started_at: iso(run.startedAt),
    completed_at: isoOrNull(run.completedAt),
    output: {
      title: run.output.title,
      summary: run.output.summary,
      text: run.output.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: integration(world, world.state.apps.rows.get(run.appId)!),
    pull_requests: pullsOn(world, run.repositoryId, run.headSha),
  };
}

/** A check run as webhooks give it: with its suite. */
export function checkRunEvent(world: World, run: CheckRun) {
  const suite = world.state.checkSuites.rows.get(run.suiteId)!;
  return {
    ...checkRunPayload(world, run),
    check_suite: {
      id: suite.id,
      node_id: nodeId("CheckSuite", suite.id),
      head_branch: suite.headBranch,
      head_sha: suite.headSha,
      ...suiteOutcome(world.state, suite),
      url: suiteUrl(world, suite),
      before: suite.before,
      after: suite.headSha,
      pull_requests: pullsOn(world, suite.repositoryId, suite.headSha),
      app: integration(world, world.state.apps.rows.get(suite.appId)!),
      created_at: iso(suite.createdAt),
      updated_at: iso(suite.updatedAt),
    },
  };
}

/** A check suite as webhooks give it. */
export function checkSuiteEvent(world: World, suite: CheckSuite) {
  const runs = childrenOf(world.state.checkRuns, suite.id);
  return {
    id: suite.id,
    node_id: nodeId("CheckSuite", suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...suiteOutcome(world.state, suite),
    url: suiteUrl(world, suite),
    before: suite.before,
    after: suite.headSha,
    pull_requests: pullsOn(world, suite.repositoryId, suite.headSha),
    app: integration(world, world.state.apps.rows.get(suite.appId)!),
    created_at: iso(suite.createdAt),
    updated_at: iso(suite.updatedAt),
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: latestRuns(runs).length,
    check_runs_url: `${suiteUrl(world, suite)}/check-runs`,
    head_commit: simpleCommit(suite.headCommit),
  };
}

/** A check suite, as REST gives it. */
export function checkSuitePayload(world: World, suite: CheckSuite) {
  const repository = world.state.repositories.rows.get(suite.repositoryId)!;
  return { ...checkSuiteEvent(world, suite), repository: minimalRepository(world, repository) };
}

/** One annotation of a run. */
export function annotationPayload(world: World, run: CheckRun, annotation: Annotation) {
  const repository = world.state.repositories.rows.get(run.repositoryId)!;
  const name = fullName(world.state, repository);
  return {
    path: annotation.path,
    blob_href: `${world.urls.web}/${name}/blob/${run.headSha}/${annotation.path}`,
    start_line: annotation.startLine,
    start_column: annotation.startColumn,
    end_line: annotation.endLine,
    end_column: annotation.endColumn,
    annotation_level: annotation.level,
    title: annotation.title,
    message: annotation.message,
    raw_details: annotation.rawDetails,
  };
}

/** A commit status. */
export function statusPayload(world: World, status: CommitStatus) {
  const creator = accountOf(world.state, status.creatorId);
  return { ...simpleStatus(world, status), creator: simpleUser(world, creator) };
}

/** A commit status in the combined answer, which doesn't tell who set it. */
export function simpleStatus(world: World, status: CommitStatus) {
  const repository = world.state.repositories.rows.get(status.repositoryId)!;
  return {
    url: `${world.urls.api}/repos/${fullName(world.state, repository)}/statuses/${status.sha}`,
    avatar_url: `${world.urls.web}/avatars/u/${status.creatorId}?v=4`,
    id: status.id,
    node_id: nodeId("StatusContext", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
  };
}

function pullsOn(world: World, repositoryId: number, sha: string) {
  return openPullsFrom(world.state, repositoryId, { sha }).map((pull) => pullMinimal(world, pull));
}

function suiteUrl(world: World, suite: CheckSuite): string {
  const repository = world.state.repositories.rows.get(suite.repositoryId)!;
  return `${world.urls.api}/repos/${fullName(world.state, repository)}/check-suites/${suite.id}`;
}
