import { parseCommands } from "../../../app/commands/parse.ts";
import { atLeast } from "../../../app/permission.ts";
import type { Comment, Person, Snapshot } from "./snapshot.ts";
import type { State } from "./state.ts";

/** A snapshot before permissions were fetched. */
export type Bare = Omit<Snapshot, "permissions">;

/** A word on whether the issue is wanted. Those that start something need permission; GitHub has judged the others. */
export interface Word {
  id: string;
  says: "on" | "off" | "open" | "shut";
  label: boolean;
  by: Person;
  at: Date;
  /** Whether its author's permission is asked. */
  judged: boolean;
}

/** Comments whose commands may count: by people, never edited by somebody else, on the issue or its pull requests. */
export function commandComments(s: Bare): Comment[] {
  const all = [...s.issue.comments, ...s.pulls.flatMap((pull) => pull.comments)];
  return all.filter((c) => !c.by.bot && (c.editedBy === null || c.editedBy.login === c.by.login));
}

/** Every word on whether the issue is wanted, oldest first. */
export function words(s: Bare): Word[] {
  const trigger = s.repository.settings.kind === "valid" ? s.repository.settings.settings.label : "agent";
  const said: Word[] = [];
  for (const event of s.issue.events) {
    const { id, by, at } = event;
    const word = { id, by, at, label: false };
    if (event.kind === "labeled" && event.label === trigger)
      said.push({ ...word, says: "on", judged: true, label: true });
    if (event.kind === "unlabeled" && event.label === trigger)
      said.push({ ...word, says: "off", judged: false });
    if (event.kind === "closed") said.push({ ...word, says: "shut", judged: false });
    if (event.kind === "reopened") said.push({ ...word, says: "open", judged: true });
  }
  for (const comment of commandComments(s)) {
    for (const command of parseCommands(comment.body)) {
      const word = { id: `ic${comment.id}`, by: comment.by, at: comment.at, label: false, judged: true };
      if (command.kind === "start") said.push({ ...word, says: "on" });
      if (command.kind === "stop") said.push({ ...word, says: "off" });
    }
  }
  return said.sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Whether `person` has write permission. Someone whose permission was not fetched has none. */
export function permitted(s: Snapshot, person: Person): boolean {
  return !person.bot && atLeast(s.permissions[person.login] ?? "none", "write");
}

export interface Wanted {
  wanted: boolean;
  /** The last word that started it, and who said it. */
  start: Word | null;
}

/** Whether the issue is wanted: the last word of permitted people (design §3). */
export function wanted(s: Snapshot, state: State | null): Wanted {
  let asked: Word | null = null;
  let reopened: Word | null = null;
  let open = true;
  for (const word of words(s)) {
    if (word.judged && !(state?.judged[word.id] ?? permitted(s, word.by))) continue;
    if (word.says === "on") asked = word;
    if (word.says === "off") asked = null;
    if (word.says === "shut") open = false;
    if (word.says === "open") {
      open = true;
      reopened = word;
    }
  }
  // A label that was deleted from the repository leaves no event.
  if (asked?.label && !s.issue.labels.some((label) => label === triggerOf(s))) asked = null;
  if (!asked) return { wanted: false, start: null };
  const start = reopened && reopened.at > asked.at ? { ...reopened, by: asked.by } : asked;
  return { wanted: open && s.issue.open, start };
}

const triggerOf = (s: Bare): string =>
  s.repository.settings.kind === "valid" ? s.repository.settings.settings.label : "agent";
