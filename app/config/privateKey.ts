import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";

/** The GitHub App's private keys (PEM): the one that it signs with, and while it is rotated the one before. */
export interface PrivateKeys {
  current: string;
  /** What was made with it is still accepted. */
  previous: string | null;
}

type Given = Record<string, string | undefined>;
type Read = { pem: string } | { problem: string };

/** The keys that `given` holds or names, and every problem as a sentence, none of which holds a value. */
export function readPrivateKeys(given: Given): { keys: PrivateKeys | null; problems: string[] } {
  const current = readKey(given, "PRIVATE_KEY") ?? {
    problem: "PRIVATE_KEY or PRIVATE_KEY_PATH is missing: the GitHub App's private key, or its file.",
  };
  const previous = readKey(given, "PREVIOUS_PRIVATE_KEY");
  const problems = [current, previous].flatMap((read) => (read && "problem" in read ? [read.problem] : []));
  if ("problem" in current || (previous && "problem" in previous)) return { keys: null, problems };
  return { keys: { current: current.pem, previous: previous?.pem ?? null }, problems };
}

/** The key of a variable, or of the file that its `_PATH` names; null: neither is set. */
function readKey(given: Given, variable: string): Read | null {
  const [inline, path] = [given[variable], given[`${variable}_PATH`]];
  if (!inline && !path) return null;
  if (inline && path) return { problem: `${variable} and ${variable}_PATH are both set; keep one of them.` };
  // Where a variable holds one line only, the key's line ends come as `\n`.
  const pem = inline ? inline.replaceAll("\\n", "\n") : contentOf(path!);
  if (pem === null) return { problem: `${variable}_PATH must name a file that this user can read.` };
  if (isRsaKey(pem)) return { pem: `${pem.trim()}\n` };
  const name = inline ? variable : `The file of ${variable}_PATH`;
  return {
    problem: `${name} must be the GitHub App's RSA private key, whole, with its BEGIN and END lines.`,
  };
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null; // missing, a directory, not ours to read: the sentence is the same
  }
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}
