import { readFileSync, writeFileSync } from "node:fs";

import { closesOthers, skipsChecks } from "./judge-message.ts";
import { changedPaths, protectedPaths, submodulePaths, workflowPaths } from "./judge-paths.ts";
import { addedSecrets, messageSecrets } from "./judge-secrets.ts";
import { objectionOfGit } from "./pushed.ts";
import type { Commit } from "./repository.ts";
import { newCommits, typeOf } from "./repository.ts";
import { PushRules, RULES_FILE, VERDICT_FILE } from "./rules.ts";
import type { Verdict } from "./rules.ts";

/** More than a run makes; a merge of the base brings none, since those are known. */
const MOST_COMMITS = 500;
const MOST_MESSAGE_CHARS = 64 * 1024;
const MOST_LINES = 50;
const NONE = /^0+$/;

/** One thing that a push may not do: a sentence, and the path that it is about, if any. */
interface Objection {
  path: string | null;
  say: string;
}

/**
 * The `pre-receive` hook of the throw-away copy, a process of its own: what it judges is hostile, and may take all its time. It
 * reads the commands on stdin and the rules beside it, leaves its verdict there, and tells the pushing git why on stderr.
 */
async function main(): Promise<void> {
  const rules = PushRules.parse(JSON.parse(readFileSync(RULES_FILE, "utf8")));
  const verdict = await judge(readFileSync(0, "utf8"), rules).catch(broke);
  writeFileSync(VERDICT_FILE, JSON.stringify(verdict));
  if (verdict.kind === "good") return;
  if (verdict.kind === "refused") {
    for (const line of verdict.why) process.stderr.write(`coxswain: refused: ${line}\n`);
    process.stderr.write(`coxswain: refused-paths: ${JSON.stringify(verdict.paths)}\n`);
  }
  process.exitCode = 1;
}

function broke(error: unknown): Verdict {
  return { kind: "broke", why: String(error).slice(0, 500) };
}

async function judge(commands: string, rules: PushRules): Promise<Verdict> {
  const [command, ...more] = commands.split("\n").filter(Boolean);
  const [from = "", to = "", ref = ""] = command?.split(" ") ?? [];
  if (more.length > 0)
    return refuse(`a run pushes one ref at a time, and this push names ${more.length + 1}`);
  if (ref !== rules.ref) return refuse(`this run may push to ${rules.ref} alone, not to ${plain(ref)}`);
  if (NONE.test(to)) return refuse("a run may not delete its branch");
  if (rules.tip ? from !== rules.tip : !NONE.test(from)) return { kind: "moved" };
  const broken = objectionOfGit();
  if (broken !== null) return refuse(`git's own checks refuse an object: ${plain(broken)}`);
  if (typeOf(to) !== "commit") return refuse("a branch can point to a commit alone");
  const commits = newCommits(to, rules.known);
  if (commits.length > MOST_COMMITS)
    return refuse(`${commits.length} new commits are more than the ${MOST_COMMITS} that a run may push`);
  const long = commits.find(({ message }) => message.length > MOST_MESSAGE_CHARS);
  if (long)
    return refuse(
      `the message of commit ${long.sha.slice(0, 10)} is longer than ${MOST_MESSAGE_CHARS} letters`,
    );
  const { objections, unread } = await objectionsTo(commits, rules);
  return objections.length === 0
    ? { kind: "good", from, to, unread: unread.map(plain).slice(0, MOST_LINES) }
    : refusedFor(objections);
}

function refuse(say: string): Verdict {
  return { kind: "refused", why: [say], paths: [] };
}

function refusedFor(objections: readonly Objection[]): Verdict {
  const all = objections.map(({ path, say }) => (path === null ? say : `${plain(path)}: ${say}`));
  const lines = [...new Set(all)];
  const rest = lines.length - MOST_LINES;
  return {
    kind: "refused",
    why: rest > 0 ? [...lines.slice(0, MOST_LINES), `and ${rest} more`] : lines,
    paths: [...new Set(objections.flatMap(({ path }) => path ?? []))].slice(0, MOST_LINES),
  };
}

async function objectionsTo(
  commits: readonly Commit[],
  rules: PushRules,
): Promise<{ objections: Objection[]; unread: string[] }> {
  const changes = commits.map((commit) => changedPaths(commit.sha, rules));
  const secrets = await addedSecrets(changes.flat(), rules);
  const objections = commits.flatMap((commit, n) => pathObjections(commit, changes[n] ?? [], rules));
  objections.push(...secrets.found);
  for (const commit of commits) {
    const about = [...skipsChecks(commit.message), ...closesOthers(commit.message, rules)];
    const said = about.map((say) => `commit ${commit.sha.slice(0, 10)}: ${plain(say)}`);
    objections.push(...[...said, ...(await messageSecrets(commit))].map((say) => ({ path: null, say })));
  }
  return { objections, unread: secrets.unread };
}

function pathObjections(
  commit: Commit,
  changed: ReturnType<typeof changedPaths>,
  rules: PushRules,
): Objection[] {
  const workflows = workflowPaths(changed);
  const kept = protectedPaths(commit.sha, changed, rules).filter((path) => !workflows.includes(path));
  return [
    ...workflows.map((path) => ({ path, say: "an agent may not change workflows" })),
    ...kept.map((path) => ({ path, say: "the repository's settings protect this path" })),
    ...submodulePaths(changed).map((path) => ({ path, say: "an agent may not add or move a submodule" })),
  ];
}

/** `text` on one line, without what a terminal would obey. */
function plain(text: string): string {
  return /[\p{C}]/u.test(text) ? JSON.stringify(text).replace(/[^\x20-\x7e]/g, "?") : text;
}

await main();
