import { describe, expect, test } from "vitest";

import { app, at, checkRun, commentNode, commits, maria, pullFields, us } from "./madeUp.ts";
import { whole } from "./pager.ts";
import { pull } from "./pull.ts";

describe("a pull request", () => {
  test("with its newest commit and that commit's checks", () => {
    expect(
      pull(pullFields({ commits: commits([checkRun(9)]), isDraft: true, mergeable: "UNKNOWN" }), app),
    ).toMatchObject({
      number: 13,
      nodeId: "PR_13",
      branch: "agent/12/fix",
      base: "main",
      state: "open",
      draft: true,
      head: "f".repeat(40),
      headAt: new Date(at(9)),
      ended: null,
      mergeable: "unknown",
      checks: [{ id: "cr9" }],
    });
  });

  test("without a commit is an error", () => {
    expect(() => pull(pullFields({ commits: { nodes: [] } }), app)).toThrow("no commit of pull request 13");
  });

  test.each([
    ["merged", { state: "MERGED" as const, mergedAt: at(20), mergedBy: maria }, "maria", at(20)],
    [
      "closed, by whoever closed it last",
      {
        state: "CLOSED" as const,
        closedAt: at(21),
        closings: { nodes: [{ kind: "ClosedEvent" as const, createdAt: at(21), actor: us }] },
      },
      "coxswain",
      at(21),
    ],
    ["closed by nobody who is known", { state: "CLOSED" as const, closedAt: at(22) }, "ghost", at(22)],
  ])("that was %s", (_, given, login, when) => {
    expect(pull(pullFields(given), app).ended).toMatchObject({ at: new Date(when), by: { login } });
  });

  test("its reviews, threads and requested reviewers", () => {
    const review = {
      fullDatabaseId: "70",
      state: "CHANGES_REQUESTED" as const,
      body: "No\r\n",
      createdAt: at(1),
      submittedAt: at(2),
      author: maria,
      comments: { totalCount: 2 },
    };
    const seen = pull(
      pullFields({
        reviews: whole([review]),
        reviewThreads: whole([
          {
            id: "PRRT_1",
            isResolved: true,
            path: "a.ts",
            line: null,
            originalLine: 4,
            comments: whole([
              { ...commentNode(81), pullRequestReview: { fullDatabaseId: "70" } },
              { ...commentNode(82, { author: us }), pullRequestReview: null },
            ]),
          },
        ]),
        reviewRequests: whole([
          { requestedReviewer: { kind: "User" as const, login: "maria" } },
          { requestedReviewer: { kind: "Team" as const } },
          { requestedReviewer: null },
        ]),
      }),
      app,
    );
    expect(seen.reviews).toEqual([
      {
        id: "70",
        by: { login: "maria", bot: false },
        ours: false,
        state: "CHANGES_REQUESTED",
        body: "No\n",
        at: new Date(at(2)),
        comments: 2,
      },
    ]);
    expect(seen.threads).toMatchObject([
      {
        nodeId: "PRRT_1",
        resolved: true,
        path: "a.ts",
        line: 4,
        comments: [
          { id: "81", reviewId: "70", ours: false },
          { id: "82", reviewId: null, ours: true },
        ],
      },
    ]);
    expect(seen.requested).toEqual(["maria"]);
  });
});
