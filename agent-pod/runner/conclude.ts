import type { Brief } from "../contract/brief.ts";
import type { Outcome } from "../contract/outcome.ts";
import { fetchBranch } from "./checkout.ts";
import { commitRest, signCommits } from "./commit.ts";
import { commitMessage } from "./message.ts";
import type { Push } from "./push.ts";
import { push } from "./push.ts";
import type { Report } from "./report.ts";
import { titleOf } from "./report.ts";
import type { Place, Tested } from "./tests.ts";
import { runTests } from "./tests.ts";
import { headOf, oneLine } from "./text.ts";
import { endedEarly, failedTests, noAnswer, refusedPush } from "./words.ts";
import type { Work } from "./work.ts";

/** Where the branch stood before the work, and what setup changed. */
export interface Start {
  sha: string;
  setup: { before: string; after: string };
}

/** Commits, tests, pushes and answers for what the agent did. Throws `RunFailure` when the push fails. */
export async function conclude(place: Place, start: Start, work: Work): Promise<Outcome> {
  const { brief, git, printer } = place;
  const { report } = work;
  if (!work.tested)
    await commitRest(git, start.setup, commitMessage(titleOf(report, brief), report.what, brief));
  if ((await git.run("rev-list", "--count", `${start.sha}..HEAD`)) === "0") {
    answer(place, report, false);
    return withoutChange(brief, work);
  }
  // What the agent pushed by itself is known to the remote, and stays as it is.
  await fetchBranch(git, brief.branch.name);
  await signCommits(git, brief, start.sha);
  // What will be said to have failed all the same needs no test.
  const tested = work.tested ?? (work.early ? null : await runTests(place));
  printer.step("pushing");
  const pushed = await push(git, brief);
  printer.step(pushed.kind === "pushed" ? "pushed" : "the push was refused");
  answer(place, report, pushed.kind === "pushed");
  return withChange(brief, work, { pushed, tested });
}

function answer({ brief, printer }: Place, report: Report, pushed: boolean): void {
  for (const { id } of brief.feedback) printer.answer(id, report.answers[id] ?? noAnswer(pushed));
}

function withoutChange(brief: Brief, { report, said, early }: Work): Outcome {
  if (early) return failedEarly(brief, early, false);
  if (report.question) return { kind: "asks", question: headOf(report.question, 2500) };
  const say = report.what ?? prose(said) ?? "The agent ended without a change and without a word.";
  return { kind: "nothing", say: headOf(say, 1500) };
}

function withChange(brief: Brief, work: Work, done: { pushed: Push; tested: Tested | null }): Outcome {
  const { report, said, early } = work;
  if (done.pushed.kind === "refused") {
    return { kind: "asks", question: headOf(refusedPush(done.pushed.sentences, done.pushed.paths), 2500) };
  }
  if (early) return failedEarly(brief, early, true);
  if (brief.verify && done.tested?.failed) {
    const say = failedTests(done.tested.command, done.tested.end, report.question);
    return { kind: "failed", reason: "tests", say: headOf(say, 1500) };
  }
  const what = [report.what ?? prose(said), report.question].filter((part) => part !== null).join("\n\n");
  return {
    kind: "pushed",
    title: oneLine(titleOf(report, brief), 200),
    what: headOf(what, 1500),
    why: headOf(report.why ?? "", 700),
    tested: headOf(
      [done.tested?.words ?? null, report.tested].filter((part) => part !== null).join("\n\n"),
      700,
    ),
  };
}

function failedEarly(brief: Brief, early: NonNullable<Work["early"]>, pushed: boolean): Outcome {
  const reason = early.cause === "stop" ? "stopped" : early.cause;
  const why = early.cause === "budget" ? early.why : null;
  const say = endedEarly(early.cause, { minutes: brief.limits.minutes, pushed, why });
  return { kind: "failed", reason, say: headOf(say, 1500) };
}

/** What the agent said last, without its report. */
function prose(said: string): string | null {
  const words = said.replace(/```+[ \t]*json[\s\S]*?(?:```+|$)/gi, "").trim();
  return words === "" ? null : words;
}
