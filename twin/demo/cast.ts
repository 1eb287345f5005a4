import { setTimeout as sleep } from "node:timers/promises";

import { Octokit } from "@octokit/rest";

/** Who takes part: people by their tokens, on the repository of the story. */
export interface Cast {
  api: string;
  owner: string;
  repo: string;
  maintainer: string;
  reader: string;
  /** Tells a step as it happens. */
  tell(step: string): void;
  signal: AbortSignal;
  /** Set while the issue waits for a person who isn't in the story: what the app said last. */
  blocked?: string | null;
}

/** A repository, as the API names it. */
export type At = { owner: string; repo: string };

export interface Begun {
  at: At;
  maintainer: Octokit;
  issue: { number: number };
}

const TIMEOUT_MS = 180_000;
/** GitHub gives a person 5,000 calls an hour. */
const LOOK_MS = 400;

/** Someone without permission writes the issue, and a maintainer labels it. */
export async function begin(cast: Cast, { title, body }: { title: string; body: string }): Promise<Begun> {
  const at = { owner: cast.owner, repo: cast.repo };
  const [maintainer, reader] = [cast.maintainer, cast.reader].map(
    (auth) => new Octokit({ baseUrl: cast.api, auth }),
  ) as [Octokit, Octokit];
  const { data: issue } = await reader.issues.create({ ...at, title, body });
  cast.tell(`someone without permission writes issue #${issue.number}: “${issue.title}”`);
  await maintainer.issues.addLabels({ ...at, issue_number: issue.number, labels: ["agent"] });
  cast.tell("a maintainer labels it “agent”");
  return { at, maintainer, issue };
}

/** The phase that the issue's label shows. */
export async function phaseOf(octokit: Octokit, at: At, issue_number: number): Promise<string | undefined> {
  const { data } = await octokit.issues.listLabelsOnIssue({ ...at, issue_number });
  return data.find((label) => label.name.startsWith("agent: "))?.name.slice("agent: ".length);
}

async function lastWords(octokit: Octokit, at: At, issue_number: number): Promise<string> {
  const comments = await octokit.issues.listComments({ ...at, issue_number }).catch(() => null);
  return comments?.data.at(-1)?.body?.replace(/^<!--.*-->\n/, "") ?? "it doesn't say why";
}

/** Tells each phase as its label appears. */
export function watchPhases(cast: Cast, octokit: Octokit, issue: number): { stop(): void } {
  const stopped = new AbortController();
  void (async () => {
    let told: string | undefined;
    while (!stopped.signal.aborted && !cast.signal.aborted) {
      const phase = await phaseOf(octokit, cast, issue).catch(() => told);
      if (phase && phase !== told) cast.tell(`phase: ${phase}`);
      cast.blocked = phase === "blocked" ? await lastWords(octokit, cast, issue) : null;
      told = phase ?? told;
      await sleep(LOOK_MS);
    }
  })();
  return { stop: () => stopped.abort() };
}

/** What `seen` finds, once it does. Throws, with what was waited for, when that doesn't come, or the issue is blocked. */
export async function until<T>(
  cast: Cast,
  what: string,
  seen: () => Promise<T | undefined | false>,
  { ms = TIMEOUT_MS, mayBlock = false }: { ms?: number; mayBlock?: boolean } = {},
): Promise<T> {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    cast.signal.throwIfAborted();
    const found = await seen();
    if (found) return found;
    if (cast.blocked && !mayBlock)
      throw new Error(`The issue is blocked, while the demo waited for ${what}:\n${cast.blocked}`);
    await sleep(LOOK_MS);
  }
  throw new Error(`The demo waited ${ms / 1000} s for ${what}, and it didn't come.`);
}
