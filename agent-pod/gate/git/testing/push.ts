import type { Clone, Ended } from "./clone.ts";
import type { Stage } from "./stage.ts";
import { BRANCH } from "./stage.ts";

/** The ref that an agent on a stage may push. */
export const REF = `refs/heads/${BRANCH}`;

/** Pushes `refspecs`, or HEAD to the agent's branch. */
export function push(agent: Clone, ...refspecs: string[]): Promise<Ended> {
  return agent.attempt(
    "push",
    "--porcelain",
    "origin",
    ...(refspecs.length > 0 ? refspecs : [`HEAD:${REF}`]),
  );
}

/** Where the agent's branch stands upstream. */
export async function tip(stage: Stage): Promise<string | undefined> {
  return (await stage.refs())[REF];
}

/** Pushes HEAD to the agent's branch, and tells how that went: "pushed", or what git said. */
export async function pushing(agent: Clone, stage: Stage): Promise<string> {
  const end = await push(agent);
  if (end.code !== 0) return end.stdout + end.stderr;
  const arrived = (await tip(stage)) === (await agent.git("rev-parse", "HEAD"));
  return arrived ? "pushed" : "GitHub's branch stands elsewhere";
}

/** What the gate said, and the paths that it named, as the runner reads them. */
export function saidIn({ stderr }: Ended): { why: string[]; paths: string[][] } {
  const lines = stderr.split("\n").map((line) => line.replace(/^remote:\s?/, "").trim());
  const after = (mark: string): string[] =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length).trim());
  return {
    why: after("coxswain: refused:"),
    paths: after("coxswain: refused-paths:").map((json) => JSON.parse(json) as string[]),
  };
}

/** Nobody's tokens: split, so that this file passes such checks itself. */
export const TOKEN = ["ghp_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"].join("");
export const SLACK_TOKEN = ["xoxb", "123456789012", "1234567890123", "aBcDeFgHiJkLmNoPqRsTuVwX"].join("-");
