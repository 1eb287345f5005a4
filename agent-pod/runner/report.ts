import type { Brief } from "../contract/brief.ts";

/** What the agent says of its work, in its last message; all of it may be missing. */
export interface Report {
  title: string | null;
  what: string | null;
  why: string | null;
  tested: string | null;
  question: string | null;
  answers: Record<string, string>;
}

const EMPTY: Report = { title: null, what: null, why: null, tested: null, question: null, answers: {} };

/**
 * The report in what the agent said: its last JSON object, fenced or not. Lenient: values that aren't text are printed,
 * answers may be a map or a list of `{id, answer}`. No object: an empty report.
 */
export function readReport(said: string): Report {
  const found = lastObject(said);
  if (!found) return EMPTY;
  return {
    title: textIn(found, "title"),
    what: textIn(found, "what"),
    why: textIn(found, "why"),
    tested: textIn(found, "tested"),
    question: textIn(found, "question"),
    answers: answersIn(found["answers"]),
  };
}

/** `later` over `earlier`: what a further message doesn't say stands as it was. */
export function mergeReports(earlier: Report, later: Report): Report {
  return {
    title: later.title ?? earlier.title,
    what: later.what ?? earlier.what,
    why: later.why ?? earlier.why,
    tested: later.tested ?? earlier.tested,
    question: later.question ?? earlier.question,
    answers: { ...earlier.answers, ...later.answers },
  };
}

/** What the work is called: by the agent, or as it was asked for. */
export function titleOf(report: Report, brief: Brief): string {
  return report.title ?? (brief.task.title || brief.issue.title);
}

type Json = Record<string, unknown>;

function lastObject(said: string): Json | null {
  const fences = [...said.matchAll(/```+[ \t]*(?:json)?[ \t]*\n([\s\S]*?)\n[ \t]*```+/gi)].map(
    (match) => match[1] ?? "",
  );
  for (const text of fences.toReversed()) {
    const object = objectIn(text);
    if (object) return object;
  }
  return trailingObject(said);
}

/** The widest object that ends with the text's last brace: some agents forget the fence, or close it wrongly. */
function trailingObject(said: string): Json | null {
  const end = said.lastIndexOf("}");
  if (end < 0) return null;
  let tries = 0;
  for (
    let start = said.indexOf("{");
    start >= 0 && start < end && tries < 200;
    start = said.indexOf("{", start + 1)
  ) {
    tries += 1;
    const object = objectIn(said.slice(start, end + 1));
    if (object) return object;
  }
  return null;
}

function objectIn(text: string): Json | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function answersIn(value: unknown): Record<string, string> {
  const pairs: [string, unknown][] = Array.isArray(value)
    ? value.filter(isObject).map((item) => [String(item["id"]), item["answer"] ?? item["text"]])
    : isObject(value)
      ? Object.entries(value)
      : [];
  return Object.fromEntries(
    pairs
      .map(([id, answer]) => [id, asText(answer)])
      .filter((pair): pair is [string, string] => pair[1] !== null),
  );
}

function textIn(object: Json, key: string): string | null {
  return asText(object[key]);
}

function asText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = (typeof value === "string" ? value : JSON.stringify(value)).trim();
  return text === "" ? null : text;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
