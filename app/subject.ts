/** What is to be looked at again: an issue (or a pull request, by its number), or all live issues of a repository. */
export type Subject =
  | { kind: "issue"; installationId: number; owner: string; name: string; number: number }
  | { kind: "repository"; installationId: number; owner: string; name: string };
export type IssueSubject = Subject & { kind: "issue" };

/** The same for the same thing, in letters that BullMQ and Redis take. */
export function subjectKey(subject: Subject): string {
  const of = `${subject.owner}/${subject.name}`.toLowerCase();
  return subject.kind === "issue" ? `${of}#${subject.number}` : of;
}

/** The issue of a key that `subjectKey` made; null for any other text. */
export function subjectOfKey(installationId: number, key: string): IssueSubject | null {
  const [, owner, name, number] = /^([^/#]+)\/([^/#]+)#(\d+)$/.exec(key) ?? [];
  if (!owner || !name || !number) return null;
  return { kind: "issue", installationId, owner, name, number: Number(number) };
}
