import { rules } from "@secretlint/secretlint-rule-preset-recommend";

type Rule = (typeof rules)[number];
type Context = Parameters<Rule["create"]>[0];
type Source = Parameters<NonNullable<ReturnType<Rule["create"]>["file"]>>[0];

/**
 * The kept rules, without the one that lets a text switch them off ("secretlint-disable"): here the text is hostile.
 * They are called directly because the library's own way to run them is asynchronous, which words aren't.
 */
const scanners = rules.filter(({ meta }) => meta.id !== "@secretlint/secretlint-rule-filter-comments");

/** What those rules don't know: our own pass, keys of other models, tokens cut short or of a length yet to come. */
const OURS = [
  /cxp_[\w-]{8,}(?:\.[\w-]+)?/g,
  /\bsk-[\w-]{20,}/g,
  /\b(?:gh[opsur]|github_pat)_[\w.-]{16,}/g,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}(?:\.[\w-]*)?/g,
  /(?<=\bauthorization["']?\s{0,3}[:=]\s{0,3}["']?(?:bearer|basic|token)\s{1,3})[\w.~+/=-]{8,}/gi,
  /(?<=\w:\/\/[^\s:/@]{0,200}:)[^\s:/@]{3,400}(?=@)/g,
  /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----(?:[^]{0,10000}?-----END [A-Z ]*-----|(?:\s+[\w+/=]{16,})*)/g,
];

/** Short texts that were found to be harmless: the same titles are shown at each look. Secrets are never kept. */
const harmless = new Set<string>();
const MOST_KEPT = { texts: 5000, length: 500 };

/** `text` with `[redacted]` in the place of everything that looks like a secret. */
export function redact(text: string): string {
  if (harmless.has(text)) return text;
  const redacted = withoutSecrets(text);
  if (redacted === text && text.length <= MOST_KEPT.length) {
    if (harmless.size === MOST_KEPT.texts) harmless.clear();
    harmless.add(text);
  }
  return redacted;
}

function withoutSecrets(text: string): string {
  const found = [...OURS.flatMap((pattern) => [...text.matchAll(pattern)].map(rangeOf)), ...scan(text)];
  let shown = "";
  let end = 0;
  for (const [from, to] of found.sort(([a], [b]) => a - b)) {
    if (from >= end) shown += `${text.slice(end, from)}[redacted]`;
    end = Math.max(end, to);
  }
  return shown + text.slice(end);
}

function rangeOf(match: RegExpExecArray): [number, number] {
  return [match.index, match.index + match[0].length];
}

function scan(text: string): [number, number][] {
  const found: [number, number][] = [];
  const context: Context = {
    sharedOptions: {},
    createTranslator: () => (messageId) => ({ message: "", messageId: String(messageId), data: undefined }),
    // Some rules tell a range that ends early: it is drawn on to the end of the word.
    report: ({ range: [from, to] }) => void found.push([from, to + text.slice(to).search(/[\s"'`]|$/)]),
    ignore: () => {},
  };
  for (const rule of scanners) void rule.create(context, {}).file?.(asSource(text));
  return found;
}

/** A text of no file; places are asked for by the one rule alone that is left out. */
function asSource(content: string): Source {
  const nowhere = (): never => {
    throw new Error("a text that is redacted has no places");
  };
  return {
    content,
    hasBOM: false,
    filePath: "text.md",
    physicalFilePath: undefined,
    contentType: "text",
    ext: ".md",
    getFilePath: () => undefined,
    getPhysicalFilePath: () => undefined,
    locationToRange: nowhere,
    rangeToLocation: nowhere,
    positionToIndex: nowhere,
    indexToPosition: nowhere,
  };
}
