import { execFile } from "node:child_process";

import type { Origin } from "./origin.ts";

/** How a git command ended; no exit code is an error by itself. */
export interface GitEnd {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs git to its end, whatever that is. A command that takes longer than `ms`, or whose `signal` aborts, is killed. */
export function git(
  args: readonly string[],
  options: { cwd: string; env: Record<string, string>; ms: number; input?: string; signal?: AbortSignal },
): Promise<GitEnd> {
  const { input, ms, ...rest } = options;
  const limits = { timeout: ms, killSignal: "SIGKILL", maxBuffer: 256 * 1024 * 1024 } as const;
  return new Promise((resolve) => {
    const child = execFile("git", args, { ...rest, ...limits }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 255;
      resolve({ code, stdout, stderr: stderr || (error?.message ?? "") });
    });
    // A git that ends before it has read all of its input says why on stderr.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input ?? "");
  });
}

type Setting = readonly [key: string, value: string];

/** The environment of every git of the gate's that needs no network: no settings of the machine's, nothing asked. */
export function localGit(home: string, settings: readonly Setting[] = []): Record<string, string> {
  return environment(home, [["protocol.allow", "never"], ...settings]);
}

/**
 * The environment of a git that talks to GitHub: the token goes to that repository alone, and by environment, because argv is
 * everybody's to read. What a blobless repository lacks is fetched from there.
 */
export function upstreamGit(home: string, origin: Origin): Record<string, string> {
  return environment(home, [
    [`http.${origin.url}.extraHeader`, `Authorization: ${basic(origin.token)}`],
    ["http.followRedirects", "false"],
    ["http.lowSpeedLimit", "100"],
    ["http.lowSpeedTime", "60"],
    ["protocol.allow", "never"],
    ["protocol.http.allow", "always"],
    ["protocol.https.allow", "always"],
    ["credential.helper", ""],
    ["remote.origin.url", origin.url],
    ["remote.origin.partialCloneFilter", "blob:none"],
    PROMISOR,
  ]);
}

/** Makes git bear with files that were never fetched: https://git-scm.com/docs/partial-clone */
export const PROMISOR: Setting = ["remote.origin.promisor", "true"];

/** https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT */
function environment(home: string, settings: readonly Setting[]): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    HOME: home,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, key],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
  };
}

/** How an installation token goes with git: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation#about-authentication-as-a-github-app-installation */
export function basic(token: string): string {
  return `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
}
