import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";

import type { Changed } from "./judge-paths.ts";
import { pushedBlobs, pushedSizes } from "./pushed.ts";
import type { Commit } from "./repository.ts";
import { gitHere, upstreamEnvironment } from "./repository.ts";
import type { PushRules } from "./rules.ts";

/** Text beyond this isn't looked through: the rules guard against accidents, and whoever wants to can encode a secret. */
const MOST_BYTES = 1024 * 1024;
/** A pass of ours, which no rule of the library knows. */
const PASS = /cxp_[\w-]{16,}\.[\w-]{16,}/g;
/** The library's rules but the one that obeys comments in the text, which are the agent's words. (It ignores `disabled` there.) */
const PRESET = {
  id: creator.meta.id,
  rule: {
    ...creator,
    create: (context, options) => {
      const registerRule: typeof context.registerRule = (rule, defaults) => {
        if (!rule.meta.id.endsWith("-filter-comments")) context.registerRule(rule, defaults);
      };
      return creator.create({ ...context, registerRule }, options);
    },
  } satisfies typeof creator,
};

interface Found {
  /** Lines from 1, both included. */
  from: number;
  to: number;
  what: string;
}

/** Secrets in lines that were added: where, and of what kind, never what they are. `unread` are paths of files that are too large. */
export interface SecretsFound {
  found: { path: string; say: string }[];
  unread: string[];
}

/** Looks through the files of `changed`, of all new commits together, for secrets that weren't there before. */
export async function addedSecrets(changed: readonly Changed[], rules: PushRules): Promise<SecretsFound> {
  const files = Map.groupBy(
    changed.filter(({ now }) => now === "file"),
    ({ blob }) => blob,
  );
  const sizes = pushedSizes([...files.keys()]);
  const readable = new Map([...sizes].filter(([, size]) => size <= MOST_BYTES));
  const all: SecretsFound["found"] = [];
  for (const [blob, bytes] of pushedBlobs(readable)) {
    if (isBinary(bytes)) continue;
    const text = bytes.toString("utf8");
    for (const file of files.get(blob) ?? [])
      for (const { from, what } of await newSecrets(text, file, rules))
        all.push({ path: file.path, say: `line ${from} holds a secret (${what})` });
  }
  const large = [...files].filter(([blob]) => !readable.has(blob) && sizes.has(blob));
  return { found: all, unread: large.flatMap(([, same]) => same.map(({ path }) => path)) };
}

/** Secrets in the words of `commit`. */
export async function messageSecrets(commit: Commit): Promise<string[]> {
  const found = await secretsIn(commit.message, "message");
  return found.map(
    ({ from, what }) =>
      `commit ${commit.sha.slice(0, 10)}: line ${from} of its message holds a secret (${what})`,
  );
}

async function newSecrets(text: string, { path, before }: Changed, rules: PushRules): Promise<Found[]> {
  const found = await secretsIn(text, path);
  if (found.length === 0) return [];
  const old = new Set(before.flatMap((blob) => textBefore(blob, rules).split("\n")));
  const lines = text.split("\n");
  return found.filter(({ from, to }) => lines.slice(from - 1, to).some((line) => !old.has(line)));
}

/** What a file was before: the mirror fetches it, which is why this is asked only when there is something to compare. */
function textBefore(blob: string, { mirror }: PushRules): string {
  const read = (format: string): Buffer =>
    gitHere(["-C", mirror, "cat-file", format, blob], { env: upstreamEnvironment });
  return Number(read("-s").toString()) <= MOST_BYTES ? read("blob").toString("utf8") : "";
}

/** As git tells: a NUL in the first 8000 bytes. */
function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, 8_000).includes(0);
}

async function secretsIn(text: string, path: string): Promise<Found[]> {
  const result = await lintSource({
    source: { content: text, filePath: `/${path}`, ext: "", contentType: "text" },
    options: { config: { rules: [PRESET] }, noPhysicFilePath: true },
  });
  const known = result.messages.map(({ loc, messageId }) => ({
    from: loc.start.line,
    to: loc.end.line,
    what: messageId,
  }));
  const passes = [...text.matchAll(PASS)].map(({ index }) => {
    const line = text.slice(0, index).split("\n").length;
    return { from: line, to: line, what: "COXSWAIN_PASS" };
  });
  return [...known, ...passes];
}
