import type { z } from "zod";

import { Refusal } from "../refusal.ts";
import type { Usage } from "./budget.ts";

/** Tokens that one answer may have at most, and has if the request doesn't say. */
export const MOST_OUTPUT = 16_384;

/** A request as it goes to the model. */
export interface Rebuilt {
  model: string;
  body: unknown;
  /** Tokens that the answer may have: part of `body`, too. */
  output: number;
  /** Inline images: their text in `body` is no measure of what they cost. */
  images: string[];
}

/** One of the model's three APIs: its path under `/v1`, what may be asked of it, and where its answers tell their usage. */
export interface Api {
  path: string;
  /** The request, made anew from the allowed fields. Throws a zod error, whose messages are sentences' ends. */
  rebuild(body: unknown): Rebuilt;
  headers(key: string): Record<string, string>;
  /** The usage in a whole answer. */
  usage(answer: unknown): Usage | null;
  /** Reads a stream's events one by one; afterwards `usage` tells it, or null if the stream was cut short. */
  reader(): { see(event: unknown): void; usage(): Usage | null };
}

/** The first thing that is wrong, as a 400 with a sentence. */
export function refusedField(error: z.ZodError): Refusal {
  const { path, message } = deepest(error.issues);
  const where = path.length > 0 ? `\`${path.map(String).join(".")}\` ` : "the request ";
  return new Refusal(
    400,
    "bad_request",
    `The gate refuses ${where}of this request: ${message}.`.replace(
      "the request of this request",
      "this request",
    ),
  );
}

type Issue = { path: PropertyKey[]; message: string };

/** Of a union's alternatives the one that got furthest tells what is wrong. */
function deepest(issues: readonly z.core.$ZodIssue[]): Issue {
  const all = issues.flatMap((issue): Issue[] => {
    if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
    return issue.errors.map((errors) => {
      const inner = deepest(errors);
      return { path: [...issue.path, ...inner.path], message: inner.message };
    });
  });
  return all.reduce((best, issue) => (issue.path.length > best.path.length ? issue : best));
}
