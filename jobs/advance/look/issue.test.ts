import { describe, expect, test } from "vitest";

import { issue } from "./issue.ts";
import { app, at, commentNode, issueFields, maria, us } from "./madeUp.ts";
import { whole } from "./pager.ts";

describe("an issue", () => {
  test("with its words, in plain line ends", () => {
    const seen = issue(issueFields({ body: "One\r\n\r\nTwo", author: null, state: "CLOSED" }), app);
    expect(seen).toMatchObject({
      number: 12,
      nodeId: "I_12",
      body: "One\n\nTwo",
      by: { login: "ghost", bot: false },
      open: false,
      at: new Date(at(0)),
      labels: ["bug"],
    });
  });

  test("its events are told apart, oldest first; others are left out", () => {
    const nodes = [
      { kind: "ClosedEvent" as const, id: "E5", createdAt: at(5), actor: us },
      { kind: "LabeledEvent" as const, id: "E1", createdAt: at(1), actor: maria, label: { name: "agent" } },
      { kind: "UnlabeledEvent" as const, id: "E2", createdAt: at(2), actor: null, label: { name: "agent" } },
      { kind: "MentionedEvent" as const },
      { kind: "ReopenedEvent" as const, id: "E6", createdAt: at(6), actor: maria },
      {
        kind: "RenamedTitleEvent" as const,
        id: "E3",
        createdAt: at(3),
        actor: maria,
        previousTitle: "Old",
        currentTitle: "New",
      },
    ];
    const by = { login: "maria", bot: false };
    expect(issue(issueFields({ timelineItems: whole(nodes) }), app).events).toEqual([
      { kind: "labeled", id: "E1", label: "agent", by, at: new Date(at(1)) },
      {
        kind: "unlabeled",
        id: "E2",
        label: "agent",
        by: { login: "ghost", bot: false },
        at: new Date(at(2)),
      },
      { kind: "renamed", id: "E3", from: "Old", to: "New", by, at: new Date(at(3)) },
      { kind: "closed", id: "E5", by: { login: "coxswain", bot: true }, at: new Date(at(5)) },
      { kind: "reopened", id: "E6", by, at: new Date(at(6)) },
    ]);
  });

  test("its edits come oldest first, and a deleted one keeps its place without its text", () => {
    const edit = { deletedAt: null, editor: maria };
    const nodes = [
      { ...edit, editedAt: at(3), diff: "Third\r\n" },
      { ...edit, editedAt: at(2), diff: "Second", deletedAt: at(4) },
      { ...edit, editedAt: at(1), diff: null },
    ];
    const seen = issue(issueFields({ userContentEdits: whole(nodes) }), app);
    expect(seen.edits.map((each) => each.text)).toEqual([null, null, "Third\n"]);
  });

  test("its edits of one second stay in the order in which they were made", () => {
    const edit = { deletedAt: null, editor: maria, editedAt: at(1) };
    const nodes = [
      { ...edit, diff: "Second" },
      { ...edit, diff: "First" },
    ];
    const seen = issue(issueFields({ userContentEdits: whole(nodes) }), app);
    expect(seen.edits.map((each) => each.text)).toEqual(["First", "Second"]);
  });
});

describe("a comment", () => {
  const seen = (given: Parameters<typeof commentNode>[1]) =>
    issue(issueFields({ comments: whole([commentNode(3, given)]) }), app).comments[0];

  test("of a person", () => {
    expect(
      seen({
        body: "Hi\r\nthere",
        editor: us,
        reactionGroups: [
          { content: "EYES", viewerHasReacted: true },
          { content: "ROCKET", viewerHasReacted: false },
        ],
      }),
    ).toEqual({
      id: "3",
      nodeId: "IC_3",
      by: { login: "maria", bot: false },
      ours: false,
      body: "Hi\nthere",
      at: new Date(at(3)),
      editedBy: { login: "coxswain", bot: true },
      reacted: ["EYES"],
      marker: null,
    });
  });

  const body = "<!-- coxswain:7:answer:r:rc1 -->\r\nDone.";

  test("of ours has a marker", () => {
    expect(seen({ author: us, body })).toMatchObject({ ours: true, marker: "answer:r:rc1" });
  });

  test.each([
    ["a person who copied it", maria],
    ["a person with the bot's name", { kind: "User" as const, login: "coxswain" }],
    ["another bot", { kind: "Bot" as const, login: "other" }],
    ["a deleted account", null],
  ])("of %s has none", (_, author) => {
    expect(seen({ author, body })).toMatchObject({ ours: false, marker: null });
  });

  test("without a database id is an error, not a comment without one", () => {
    expect(() => seen({ fullDatabaseId: null })).toThrow("no database id");
  });
});
