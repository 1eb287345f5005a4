import { z } from "zod";
import { createCheckRun, rerequestRun, rerequestSuite, updateCheckRun } from "../acts/checks.ts";
import type { CheckRunChange } from "../acts/checks.ts";
import { GitHubError } from "../errors.ts";
import { take } from "../http.ts";
import type { Route } from "../http.ts";
import { checkConclusions } from "../model.ts";
import type { CheckRun, CheckSuite } from "../model.ts";
import { needs } from "../needs.ts";
import { annotationPayload, checkRunPayload, checkSuitePayload } from "../payloads/check.ts";
import { latestRuns, suitesOf } from "../store.ts";
import { childrenOf } from "../table.ts";
import { commitNamed } from "./contents.ts";
import { created, existing, numberIn, ofRepository, ok, page } from "./route.ts";
import type { RepositoryCall } from "./route.ts";

/** https://docs.github.com/en/rest/checks/runs, …/checks/suites and …/actions/workflow-jobs */
export const checkRoutes: readonly Route[] = [
  ofRepository("POST /check-runs", needs.writeChecks, async (call) => {
    const asked = take(call, newRunSchema);
    const wanted = { ...changeOf(asked), name: asked.name, headSha: asked.head_sha };
    const run = await createCheckRun(call.world, call.viewer, call.repository, wanted);
    return created(checkRunPayload(call.world, run));
  }),
  ofRepository("GET /check-runs/:run", needs.readChecks, (call) =>
    ok(checkRunPayload(call.world, runIn(call))),
  ),
  ofRepository("PATCH /check-runs/:run", needs.writeChecks, (call) => {
    const run = runIn(call);
    updateCheckRun(call.world, call.viewer, run, changeOf(take(call, runSchema)));
    return ok(checkRunPayload(call.world, run));
  }),
  ofRepository("GET /check-runs/:run/annotations", needs.readChecks, (call) => {
    const run = runIn(call);
    return page(call, run.annotations, (annotation) => annotationPayload(call.world, run, annotation));
  }),
  ofRepository("POST /check-runs/:run/rerequest", needs.rerunChecks, (call) => {
    rerequestRun(call.world, call.viewer, runIn(call));
    return created({});
  }),
  ofRepository("GET /check-suites/:suite", needs.readChecks, (call) =>
    ok(checkSuitePayload(call.world, suiteIn(call))),
  ),
  ofRepository("GET /check-suites/:suite/check-runs", needs.readChecks, (call) =>
    runs(call, childrenOf(call.world.state.checkRuns, suiteIn(call).id)),
  ),
  ofRepository("POST /check-suites/:suite/rerequest", needs.rerunChecks, (call) => {
    rerequestSuite(call.world, call.viewer, suiteIn(call));
    return created({});
  }),
  ofRepository("GET /commits/:ref*/check-runs", needs.readChecks, async (call) => {
    const suites = await suitesAt(call);
    return runs(
      call,
      suites.flatMap((suite) => childrenOf(call.world.state.checkRuns, suite.id)),
    );
  }),
  ofRepository("GET /commits/:ref*/check-suites", needs.readChecks, async (call) =>
    page(
      call,
      await suitesAt(call),
      (suite) => checkSuitePayload(call.world, suite),
      (check_suites, total_count) => ({ total_count, check_suites }),
    ),
  ),
  ofRepository("GET /actions/jobs/:run/logs", needs.readActions, (call) => {
    const run = runIn(call);
    if (run.jobLog === null) throw new GitHubError(404, "Not Found");
    return { status: 302, headers: { location: `${call.world.urls.web}/_twin/logs/${run.id}` } };
  }),
];

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const annotation = z
  .object({
    path: z.string(),
    start_line: z.number().int(),
    end_line: z.number().int(),
    start_column: z.number().int().optional(),
    end_column: z.number().int().optional(),
    annotation_level: z.enum(["notice", "warning", "failure"]),
    message: z.string(),
    title: z.string().optional(),
    raw_details: z.string().optional(),
  })
  .transform((one) => ({
    path: one.path,
    startLine: one.start_line,
    endLine: one.end_line,
    startColumn: one.start_column ?? null,
    endColumn: one.end_column ?? null,
    level: one.annotation_level,
    message: one.message,
    title: one.title ?? null,
    rawDetails: one.raw_details ?? null,
  }));
const runSchema = z.object({
  name: z.string().optional(),
  status: z.enum(["queued", "in_progress", "completed"]).optional(),
  conclusion: z.enum(checkConclusions).optional(),
  started_at: time.optional(),
  completed_at: time.optional(),
  external_id: z.string().optional(),
  details_url: z.string().optional(),
  output: z
    .object({
      title: z.string().nullish(),
      summary: z.string().nullish(),
      text: z.string().nullish(),
      annotations: z.array(annotation).optional(),
    })
    .optional(),
  actions: z
    .array(
      z.object({
        label: z.string().max(20),
        description: z.string().max(40),
        identifier: z.string().max(20),
      }),
    )
    .optional(),
});
const newRunSchema = runSchema.extend({ name: z.string(), head_sha: z.string() });

function changeOf(asked: z.infer<typeof runSchema>): CheckRunChange {
  const { output } = asked;
  return {
    name: asked.name,
    status: asked.status,
    conclusion: asked.conclusion,
    startedAt: asked.started_at,
    completedAt: asked.completed_at,
    externalId: asked.external_id,
    detailsUrl: asked.details_url,
    output: output && {
      title: output.title ?? null,
      summary: output.summary ?? null,
      text: output.text ?? null,
    },
    annotations: output?.annotations,
    actions: asked.actions,
  };
}

function runIn(call: RepositoryCall): CheckRun {
  const run = call.world.state.checkRuns.rows.get(numberIn(call, "run"));
  return existing(run?.repositoryId === call.repository.id ? run : undefined);
}

function suiteIn(call: RepositoryCall): CheckSuite {
  const suite = call.world.state.checkSuites.rows.get(numberIn(call, "suite"));
  return existing(suite?.repositoryId === call.repository.id ? suite : undefined);
}

async function suitesAt(call: RepositoryCall): Promise<CheckSuite[]> {
  const sha = await commitNamed(call, call.params["ref"]!);
  const appId = call.query.get("app_id");
  const all = suitesOf(call.world.state, call.repository.id, sha);
  return all.filter((suite) => appId === null || String(suite.appId) === appId);
}

function runs(call: RepositoryCall, all: readonly CheckRun[]) {
  const { query, world } = call;
  const wanted = (query.get("filter") === "all" ? all : latestRuns(all)).filter(
    (run) =>
      (!query.has("check_name") || run.name === query.get("check_name")) &&
      (!query.has("status") || run.status === query.get("status")),
  );
  return page(
    call,
    wanted,
    (run) => checkRunPayload(world, run),
    (check_runs, total_count) => ({ total_count, check_runs }),
  );
}
