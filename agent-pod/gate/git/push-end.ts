import type { PushedOn } from "./push-on.ts";
import type { Received } from "./receive.ts";
import { refusedReport } from "./report.ts";
import type { Verdict } from "./rules.ts";

/** What goes back to the pushing git, and what became of the push. */
export interface PushEnd {
  answer: Buffer;
  verdict: "passed" | "refused";
  why: string;
}

/** The end of a push that the judge found good, and git took: what GitHub made of it decides. */
export function endAtGitHub(
  ref: string,
  end: PushedOn,
  { answer, verdict }: { answer: Buffer; verdict: Verdict & { kind: "good" } },
): PushEnd {
  switch (end.kind) {
    case "pushed": {
      const step = `${verdict.from.slice(0, 10)}..${verdict.to.slice(0, 10)}`;
      const unread =
        verdict.unread.length > 0 ? `; too large to look through: ${verdict.unread.join(", ")}` : "";
      return { answer, verdict: "passed", why: `${step}${unread}` };
    }
    case "moved":
      return moved(ref);
    case "refused":
      return {
        answer: refusedReport(ref, end.reason, end.lines),
        verdict: "refused",
        why: `GitHub refused it: ${[end.reason, ...end.lines].join(" · ")}`,
      };
  }
}

/** The end of a push that goes no further than the gate. `pushBytes`: what a push may have. */
export function endAtGate(ref: string, received: Received, pushBytes: number): PushEnd {
  const { verdict, answer } = received;
  switch (verdict?.kind) {
    case "refused":
      return { answer, verdict: "refused", why: verdict.why.join(" · ") };
    case "moved":
      return moved(ref);
    case "broke":
      return { ...refusal(ref, "not judged", "the gate couldn't judge this push"), why: verdict.why };
    case "good":
    case undefined:
      return endByGit(ref, received, pushBytes);
  }
}

/** The end of a push that git itself didn't take, whatever the judge thought of it, if it was asked at all. */
function endByGit(ref: string, { answer, bytes }: Received, pushBytes: number): PushEnd {
  // A large push is preceded by a request that tries the door: https://git-scm.com/docs/git-config#Documentation/git-config.txt-httppostBuffer
  if (bytes <= 4) return { answer, verdict: "passed", why: "a push is about to come" };
  const text = answer.toString("latin1");
  if (text.includes("maximum allowed size")) {
    const most = `${Math.floor(pushBytes / 1024)} KiB`;
    return refusal(ref, "too large", `the push is larger than ${most}, the most that a run may push at once`);
  }
  const reason = text
    .split("\n")
    .flatMap((line) => line.split(`ng ${ref} `).slice(1))
    .at(0);
  if (reason === "non-fast-forward")
    return refusal(ref, reason, "commits that stand are never replaced: push without force");
  if (reason) return { answer, verdict: "refused", why: `git refused it: ${reason}` };
  return refusal(ref, "not judged", "git couldn't read this push, or judging it took too long");
}

/** A "no" of the gate's own, in the shape of the judge's. */
function refusal(ref: string, reason: string, sentence: string): PushEnd {
  const lines = [`coxswain: refused: ${sentence}`, "coxswain: refused-paths: []"];
  return { answer: refusedReport(ref, reason, lines), verdict: "refused", why: sentence };
}

/** What git says when somebody else pushed first, and the runner then merges. */
function moved(ref: string): PushEnd {
  const say = "coxswain: somebody pushed to the branch meanwhile: fetch, merge, and push again";
  const answer = refusedReport(ref, "non-fast-forward", [say]);
  return { answer, verdict: "refused", why: "the branch moved meanwhile" };
}
