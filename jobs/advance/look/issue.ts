import type { Edit, IssueEvent, Snapshot } from "../decide/snapshot.ts";
import { present } from "./pager.ts";
import type { NodeOf } from "./pager.ts";
import type { IssueFieldsFragment } from "./queries.gen.ts";
import { comment, person, plain } from "./words.ts";
import type { App } from "./words.ts";

/** An issue with all its pages, as the snapshot has it. */
export function issue(fields: IssueFieldsFragment, app: App): Snapshot["issue"] {
  return {
    number: fields.number,
    nodeId: fields.id,
    url: fields.url,
    title: fields.title,
    body: plain(fields.body),
    by: person(fields.author),
    open: fields.state === "OPEN",
    at: new Date(fields.createdAt),
    labels: present(fields.labels).map((label) => label.name),
    events: present(fields.timelineItems).flatMap(issueEvent).sort(oldestFirst),
    edits: present(fields.userContentEdits).map(edit).toReversed().sort(oldestFirst),
    comments: present(fields.comments)
      .map((node) => comment(node, app))
      .sort(oldestFirst),
  };
}

/** For lists that GitHub tells newest first, reversed before: of one second, which is all that its times tell, their order counts. */
export const oldestFirst = (a: { at: Date }, b: { at: Date }): number => a.at.getTime() - b.at.getTime();

function issueEvent(node: NodeOf<"issueEvents">): IssueEvent[] {
  if (!("id" in node)) return [];
  const event = { id: node.id, by: person(node.actor), at: new Date(node.createdAt) };
  switch (node.kind) {
    case "LabeledEvent":
      return [{ kind: "labeled", label: node.label.name, ...event }];
    case "UnlabeledEvent":
      return [{ kind: "unlabeled", label: node.label.name, ...event }];
    case "ClosedEvent":
      return [{ kind: "closed", ...event }];
    case "ReopenedEvent":
      return [{ kind: "reopened", ...event }];
    case "RenamedTitleEvent":
      return [{ kind: "renamed", from: node.previousTitle, to: node.currentTitle, ...event }];
    default:
      return node satisfies never;
  }
}

/** GitHub calls an entry's text `diff`, but gives the whole text; a deleted entry stays, without it. */
export function edit(node: NodeOf<"edits">): Edit {
  const gone = node.deletedAt !== null || node.diff === null;
  return { by: person(node.editor), at: new Date(node.editedAt), text: gone ? null : plain(node.diff ?? "") };
}
