import {
  answerWords,
  checkAnswers,
  failedAnswer,
  quotedAnswer,
  questionAnswer,
  silentAnswer,
} from "../../../app/words/answers.ts";
import { repliedTo } from "./commandEffects.ts";
import type { Effect } from "./effects.ts";
import { feedbackOf } from "./feedback.ts";
import type { Feedback } from "./feedback.ts";
import { pullOf } from "./lanes.ts";
import type { Next } from "./standings.ts";
import type { Pull, Snapshot } from "./snapshot.ts";
import type { RunRecord, State } from "./state.ts";

/**
 * The answers to what ended runs took up. They are due as long as the cluster remembers the run: it is forgotten after
 * them. One that failed and is tried again answers nothing yet.
 */
export function answersOf(s: Snapshot, state: State, then: Next): Effect[] {
  if (then.kind !== "lanes") return [];
  const over = state.runs.filter((run) => run.end !== null && run.takes.length > 0);
  return over.flatMap((run) => {
    const seen = s.runs.find((each) => each.name === run.name);
    const stands = then.lanes.find(({ lane }) => lane.task === run.task);
    const pull = stands && stands.lane.kind !== "plan" ? pullOf(s, stands.lane) : null;
    if (!seen || pull?.state !== "open") return [];
    if (run.end?.kind === "failed" && stands?.at.kind !== "blocked") return [];
    const answers = seen.state.kind === "ended" ? (seen.state.answers ?? {}) : {};
    // What it took was there before it: answered or not, it is found without the answers of this run.
    const took = feedbackOf(s, { ...state, runs: [...state.runs, failedTwin(run)] }, pull).filter((each) =>
      run.takes.includes(each.item.id),
    );
    return [...people(s, pull, run, took, answers), ...checks(s, pull, run, answers)];
  });
}

/** Answers of failed runs don't close a thread: so the thread is seen as this run saw it. */
const failedTwin = (run: RunRecord): RunRecord => ({
  ...run,
  end: { kind: "failed", at: run.at, say: "", retry: false },
});

function people(
  s: Snapshot,
  pull: Pull,
  run: RunRecord,
  took: Feedback[],
  answers: Record<string, string>,
): Effect[] {
  return took
    .filter((each) => each.human)
    .flatMap(({ item, thread }): Effect[] => {
      const marker = `answer:${run.name}:${item.id}`;
      const body = answerWords(answers[item.id], otherwise(run), s.issue.number);
      if (thread === null) {
        if (repliedTo(pull.comments, marker)) return [];
        return [{ kind: "say", on: pull.number, marker, body: quotedAnswer(item, body) }];
      }
      const replied = pull.threads.some((each) => repliedTo(each.comments, marker));
      return replied ? [] : [{ kind: "reply", pull: pull.number, to: thread, marker, body }];
    });
}

function checks(s: Snapshot, pull: Pull, run: RunRecord, answers: Record<string, string>): Effect[] {
  const ids = run.takes.filter((id) => id.startsWith("cr") || id.startsWith("st"));
  const marker = `answer:${run.name}:checks`;
  if (ids.length === 0 || repliedTo(pull.comments, marker)) return [];
  const given = ids.map((id) => ({
    name: nameOf(run, id),
    answer: answerWords(answers[id], otherwise(run), s.issue.number),
  }));
  return [{ kind: "say", on: pull.number, marker, body: checkAnswers(given) }];
}

/** A check's name as the run took it; a commit status has its own in its id. */
const nameOf = (run: RunRecord, id: string): string =>
  run.checks?.[id] ?? (id.startsWith("st") ? id.replace(/^st:?|@[^@]*$/g, "") : "check");

function otherwise(run: RunRecord): string {
  switch (run.end?.kind) {
    case "asks":
      return questionAnswer;
    case "failed":
      return failedAnswer;
    case "done":
    case "nothing":
    case "stopped":
    case undefined:
      return silentAnswer;
  }
}
