import type { CommandEnd } from "./command.ts";
import { commitRest } from "./commit.ts";
import type { Start } from "./conclude.ts";
import { RunFailure } from "./failure.ts";
import { snapshotTree } from "./leftovers.ts";
import { commitMessage } from "./message.ts";
import { titleOf } from "./report.ts";
import type { Place, Tested } from "./tests.ts";
import { runTests } from "./tests.ts";
import { oneLine } from "./text.ts";
import type { Work } from "./work.ts";

/**
 * Where no check will test the work, the runner does so before the push: it commits what there is and runs the tests. Where they fail
 * the agent is asked to mend it, once, and they run again. Nothing is lost by what they tell: `conclude` pushes all the same.
 */
export async function verify(
  place: Place,
  { start, work }: { start: Start; work: Work },
  mend: (failed: CommandEnd) => Promise<Work>,
): Promise<Work> {
  const { brief, git, printer } = place;
  if (!brief.verify || brief.test === null || work.early) return work;
  await commitRest(git, start.setup, commitMessage(titleOf(work.report, brief), work.report.what, brief));
  if ((await git.run("rev-list", "--count", `${start.sha}..HEAD`)) === "0") return work;
  const first = await runTests(place);
  if (!first?.failed) return tested(work, first, place);

  // What the tests leave behind is no part of the work either.
  const left = { before: await git.run("rev-parse", "HEAD^{tree}"), after: await snapshotTree(git) };
  printer.step("asking the agent to mend it");
  const mended = await mend(first.end).catch((error: unknown) => {
    if (!(error instanceof RunFailure)) throw error;
    printer.step(oneLine(error.message, 500));
    return work;
  });
  await commitRest(git, left, commitMessage("Make the tests pass", null, brief));
  return mended.early ? { ...mended, tested: first } : tested(mended, await runTests(place), place);
}

/** The work after a run of its tests, which the run's end may have cut short. */
function tested(work: Work, test: Tested | null, { ending }: Place): Work {
  const over = test?.end.stopped === false ? null : (ending.cause() ?? "time");
  return { ...work, early: over && { cause: over }, tested: test };
}
