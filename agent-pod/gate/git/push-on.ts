import { redact } from "../redact.ts";
import { Refusal } from "../refusal.ts";
import { git, upstreamGit } from "./command.ts";
import type { CopyAt } from "./receive.ts";

const PUSH_ON_MS = 5 * 60_000;
const MOST_LINES = 40;

/** What GitHub made of a push; `lines` are its words, without secrets. */
export type PushedOn =
  | { kind: "pushed" }
  | { kind: "moved" }
  | { kind: "refused"; reason: string; lines: string[] };

/**
 * Takes `ref` on GitHub from the judged commit to the judged commit, without force: `pre-push` in the copy compares where it
 * stands. Throws a `Refusal` when GitHub can't be reached.
 */
export async function pushOn(
  { copy, home, origin }: CopyAt,
  ref: string,
  step: { from: string; to: string },
  signal: AbortSignal,
): Promise<PushedOn> {
  // --no-thin: differences to files that the copy hasn't got would have to be fetched first.
  const end = await git(["push", "--porcelain", "--no-thin", origin.url, `${step.to}:${ref}`], {
    cwd: copy,
    env: { ...upstreamGit(home, origin), GATE_OLD: step.from },
    ms: PUSH_ON_MS,
    signal,
  });
  if (end.code === 0) return { kind: "pushed" };
  const said = end.stdout + end.stderr;
  if (/\((?:fetch first|non-fast-forward|stale info)\)|cannot lock ref/.test(said)) return { kind: "moved" };
  const reason = /^!\t.*\t\[remote rejected\] \((.*)\)$/m.exec(end.stdout)?.[1];
  const denied = /returned error: 4(?!29)|Authentication failed|could not read Username/.test(end.stderr);
  if (!reason && !denied)
    throw new Refusal(502, "github_unreachable", "The gate can't push to GitHub right now.");
  const lines = redact(end.stderr, [origin.token])
    .split("\n")
    .flatMap((line) => (line.startsWith("remote:") ? [line.replace(/^remote:\s?/, "").trimEnd()] : []))
    .slice(0, MOST_LINES);
  return {
    kind: "refused",
    reason: redact(reason ?? "GitHub doesn't let this run push", [origin.token]),
    lines,
  };
}
