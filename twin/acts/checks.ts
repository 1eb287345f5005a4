import { GitHubError, invalid } from "../errors.ts";
import { readCommit } from "../git/objects.ts";
import { zeroSha } from "../git/refs.ts";
import { gitDir } from "../git/run.ts";
import type { ActionOf } from "../hooks/events.ts";
import type {
  Annotation,
  App,
  CheckConclusion,
  CheckRun,
  CheckStatus,
  CheckSuite,
  Repository,
} from "../model.ts";
import { needs } from "../needs.ts";
import { checkRunEvent, checkSuiteEvent } from "../payloads/check.ts";
import { installationsOn, newId, repositoryOf, suiteOutcome, suitesOf } from "../store.ts";
import { insert } from "../table.ts";
import { demand, grants } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { tell } from "./record.ts";

export interface CheckRunChange {
  name?: string | undefined;
  status?: CheckStatus | undefined;
  conclusion?: CheckConclusion | undefined;
  startedAt?: number | undefined;
  completedAt?: number | undefined;
  externalId?: string | undefined;
  detailsUrl?: string | undefined;
  output?: { title: string | null; summary: string | null; text: string | null } | undefined;
  /** Added to those that are there, 50 a call. */
  annotations?: readonly Annotation[] | undefined;
  actions?: CheckRun["actions"] | undefined;
}

/**
 * A push: every app that may write checks gets a suite for the new head, before anybody hears of the push and reports on
 * it. Returns what tells those apps.
 */
export async function openSuites(
  world: World,
  viewer: Viewer,
  repository: Repository,
  { branch, before, after }: { branch: string; before: string; after: string },
): Promise<() => void> {
  const opened: CheckSuite[] = [];
  for (const installation of installationsOn(world.state, repository)) {
    if (!grants(installation.permissions, "checks:write")) continue;
    const app = world.state.apps.rows.get(installation.appId)!;
    const suite = await suiteFor(world, repository, { app, sha: after, branch, before });
    if (suite) opened.push(suite);
  }
  return () => {
    for (const suite of opened) tellOfSuite(world, viewer, suite, "requested");
  };
}

/** Reports a check: apps alone may. */
export async function createCheckRun(
  world: World,
  viewer: Viewer,
  repository: Repository,
  asked: CheckRunChange & { name: string; headSha: string },
): Promise<CheckRun> {
  const app = demandApp(viewer, repository);
  checkChange(asked);
  const suite = await suiteFor(world, repository, { app, sha: asked.headSha, branch: null, before: null });
  if (!suite) throw new GitHubError(422, `No commit found for SHA: ${asked.headSha}`);
  const run = insert(world.state.checkRuns, {
    id: newId(world.state),
    repositoryId: repository.id,
    suiteId: suite.id,
    appId: app.id,
    name: asked.name,
    headSha: asked.headSha,
    status: "queued",
    conclusion: null,
    startedAt: asked.startedAt ?? world.now(),
    completedAt: null,
    externalId: "",
    detailsUrl: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
    jobLog: null,
  });
  change(world, run, asked);
  tellOfRun(world, viewer, run, { action: "created" });
  if (run.status === "completed") completed(world, viewer, run);
  return run;
}

/** Goes on reporting a check; only the app that made it may. What was completed can't go back. */
export function updateCheckRun(world: World, viewer: Viewer, run: CheckRun, asked: CheckRunChange): void {
  const app = demandApp(viewer, repositoryOf(world.state, run));
  if (app.id !== run.appId)
    throw new GitHubError(
      403,
      `Invalid app_id \`${app.id}\` - check run can only be modified by the GitHub App that created it.`,
    );
  checkChange(asked);
  const ended = run.status === "completed";
  if (ended && asked.status !== undefined && asked.status !== "completed")
    throw invalid({ resource: "CheckRun", field: "status", code: "invalid" });
  change(world, run, asked);
  if (!ended && run.status === "completed") completed(world, viewer, run);
}

/** Asks an app to do a check again: its suite counts as queued until it reports; the run stays as it was. */
export function rerequestRun(world: World, viewer: Viewer, run: CheckRun): void {
  demand(viewer, repositoryOf(world.state, run), needs.rerunChecks);
  requeue(world, world.state.checkSuites.rows.get(run.suiteId)!);
  tellOfRun(world, viewer, run, { action: "rerequested", onlyAppId: run.appId });
}

/** Asks an app to do all of its checks of a commit again. */
export function rerequestSuite(world: World, viewer: Viewer, suite: CheckSuite): void {
  demand(viewer, repositoryOf(world.state, suite), needs.rerunChecks);
  requeue(world, suite);
  tellOfSuite(world, viewer, suite, "rerequested");
}

/** Clicks one of a run's own buttons. It leaves no trace but its webhook. */
export function requestAction(world: World, viewer: Viewer, run: CheckRun, identifier: string): void {
  demand(viewer, repositoryOf(world.state, run), { app: [], person: "write" });
  if (!run.actions.some((action) => action.identifier === identifier))
    throw invalid({ resource: "CheckRun", field: "actions", code: "missing" });
  tellOfRun(world, viewer, run, {
    action: "requested_action",
    onlyAppId: run.appId,
    requested_action: { identifier },
  });
}

function demandApp(viewer: Viewer, repository: Repository): App {
  demand(viewer, repository, needs.writeChecks);
  if (viewer.kind !== "installation") throw new GitHubError(403, "You must authenticate via a GitHub App.");
  return viewer.app;
}

async function suiteFor(
  world: World,
  repository: Repository,
  { app, sha, branch, before }: { app: App; sha: string; branch: string | null; before: string | null },
): Promise<CheckSuite | undefined> {
  const existing = suitesOf(world.state, repository.id, sha).find((suite) => suite.appId === app.id);
  if (existing) return existing;
  const headCommit = await readCommit(gitDir(world, repository), sha);
  if (!headCommit) return undefined;
  const at = world.now();
  return insert(world.state.checkSuites, {
    id: newId(world.state),
    repositoryId: repository.id,
    appId: app.id,
    headSha: sha,
    headBranch: branch,
    headCommit,
    before: before === zeroSha ? null : before,
    rerequested: false,
    createdAt: at,
    updatedAt: at,
  });
}

function change(world: World, run: CheckRun, asked: CheckRunChange): void {
  run.name = asked.name ?? run.name;
  run.startedAt = asked.startedAt ?? run.startedAt;
  run.externalId = asked.externalId ?? run.externalId;
  run.detailsUrl = asked.detailsUrl ?? run.detailsUrl;
  run.output = asked.output ?? run.output;
  run.annotations.push(...(asked.annotations ?? []));
  run.actions = asked.actions ?? run.actions;
  run.status = asked.conclusion ? "completed" : (asked.status ?? run.status);
  if (asked.conclusion) {
    run.conclusion = asked.conclusion;
    run.completedAt = asked.completedAt ?? run.completedAt ?? world.now();
  }
  const suite = world.state.checkSuites.rows.get(run.suiteId)!;
  suite.updatedAt = world.now();
  suite.rerequested = false;
}

function checkChange(asked: CheckRunChange): void {
  if (asked.status === "completed" && !asked.conclusion)
    throw invalid({ resource: "CheckRun", field: "conclusion", code: "missing_field" });
  if ((asked.annotations?.length ?? 0) > 50)
    throw new GitHubError(422, "Invalid request.\n\nNo more than 50 items are allowed for 'annotations'.");
  if ((asked.actions?.length ?? 0) > 3)
    throw new GitHubError(422, "Invalid request.\n\nNo more than 3 items are allowed for 'actions'.");
  const long = [asked.output?.summary, asked.output?.text].some((text) => (text?.length ?? 0) > 65_535);
  if (long) throw invalid({ resource: "CheckRun", field: "output", code: "invalid" });
}

function requeue(world: World, suite: CheckSuite): void {
  suite.rerequested = true;
  suite.updatedAt = world.now();
}

function completed(world: World, viewer: Viewer, run: CheckRun): void {
  tellOfRun(world, viewer, run, { action: "completed" });
  const suite = world.state.checkSuites.rows.get(run.suiteId)!;
  if (suiteOutcome(world.state, suite).status === "completed") tellOfSuite(world, viewer, suite, "completed");
}

function tellOfRun(
  world: World,
  viewer: Viewer,
  run: CheckRun,
  {
    action,
    onlyAppId,
    ...extra
  }: { action: ActionOf<"check_run">; onlyAppId?: number; requested_action?: { identifier: string } },
): void {
  const body = { check_run: checkRunEvent(world, run), ...extra };
  const repository = repositoryOf(world.state, run);
  tell(world, viewer, { event: "check_run", action, repository, body, ...(onlyAppId ? { onlyAppId } : {}) });
}

/** Every app that reads checks hears of an end; only the suite's own is asked to do something. */
function tellOfSuite(world: World, viewer: Viewer, suite: CheckSuite, action: ActionOf<"check_suite">): void {
  const body = { check_suite: checkSuiteEvent(world, suite) };
  const only = action === "completed" ? {} : { onlyAppId: suite.appId };
  const repository = repositoryOf(world.state, suite);
  tell(world, viewer, { event: "check_suite", action, repository, body, ...only });
}
