import type { Tour } from "./tour.ts";

/** Check runs, their suites and buttons, and commit statuses, on `main`. */
export async function tourChecks(tour: Tour): Promise<void> {
  const { bot, mona, at } = tour;
  const { data: main } = await bot.rest.git.getRef({ ...at, ref: "heads/main" });
  const sha = main.object.sha;
  const { data: run } = await bot.rest.checks.create({
    ...at,
    name: "test",
    head_sha: sha,
    status: "in_progress",
  });
  const here = { ...at, check_run_id: run.id };
  await bot.rest.checks.update({
    ...here,
    conclusion: "failure",
    output: { title: "1 failed", summary: "sum(1, 1) gives 0", annotations: [annotation] },
    actions: [{ label: "Stop", description: "Stop it", identifier: "stop" }],
  });
  await bot.rest.checks.get(here);
  await bot.rest.checks.listAnnotations(here);
  await click(tour, run.id, "stop");
  await bot.rest.checks.rerequestRun(here);
  const suite = { ...at, check_suite_id: run.check_suite!.id };
  await bot.rest.checks.getSuite(suite);
  await bot.rest.checks.listForSuite(suite);
  await bot.rest.checks.rerequestSuite(suite);
  await bot.rest.checks.listForRef({ ...at, ref: "main" });
  await bot.rest.checks.listSuitesForRef({ ...at, ref: "main" });
  await writeLog(tour, run.id);
  await bot.rest.actions.downloadJobLogsForWorkflowRun({ ...at, job_id: run.id });
  const status = { ...at, sha, state: "failure", context: "lint", description: "2 faults" } as const;
  await bot.rest.repos.createCommitStatus({ ...status, target_url: "https://example.com/1" });
  await mona.rest.repos.createCommitStatus({ ...at, sha, state: "success" });
  await bot.rest.repos.listCommitStatusesForRef({ ...at, ref: "main" });
  await bot.rest.repos.getCombinedStatusForRef({ ...at, ref: "main" });
}

const annotation = {
  path: "src/text.txt",
  start_line: 1,
  end_line: 1,
  annotation_level: "failure",
  message: "expected 2",
} as const;

async function click({ twin, people }: Tour, run: number, button: string): Promise<void> {
  await fetch(`${twin.world.urls.web}/_twin/check-runs/${run}/click`, {
    method: "POST",
    body: JSON.stringify({ token: people.mona.token, button }),
  });
}

async function writeLog({ twin }: Tour, run: number): Promise<void> {
  await fetch(`${twin.world.urls.web}/_twin/check-runs/${run}/log`, {
    method: "PUT",
    body: JSON.stringify({ text: "1 failed\n" }),
  });
}
