import { permitted } from "./wanted.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * The issue's words as they stood when a permitted person last vouched for them: by starting the work at `start`, or
 * by a later edit of their own (design §6). Null where the edit history can't tell (its entries can be deleted).
 */
export function approvedText(s: Snapshot, start: Date): { title: string; body: string } | null {
  const body = approvedBody(s, start);
  return body === null ? null : { title: approvedTitle(s, start), body };
}

function approvedBody(s: Snapshot, start: Date): string | null {
  const { edits } = s.issue;
  if (edits.length === 0) return s.issue.body;
  const before = edits.filter((edit) => edit.at <= start);
  const after = edits.filter((edit) => edit.at > start && permitted(s, edit.by));
  const stands = after.at(-1) ?? before.at(-1);
  return stands?.text ?? null;
}

function approvedTitle(s: Snapshot, start: Date): string {
  const renames = s.issue.events.filter((event) => event.kind === "renamed" && event.at > start);
  const [first] = renames;
  if (first?.kind !== "renamed") return s.issue.title;
  const own = renames.findLast((event) => permitted(s, event.by));
  return own?.kind === "renamed" ? own.to : first.from;
}
