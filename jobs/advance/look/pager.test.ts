import { describe, expect, test } from "vitest";

import { at, commentNode, readOnly } from "./madeUp.ts";
import { allOf, present, whole } from "./pager.ts";

/** The three comments 1, 2, 3, one on each page. */
const pageOf = (after: unknown) => {
  const id = after === null ? 1 : Number(after) + 1;
  const pageInfo = { hasNextPage: id < 3, endCursor: String(id) };
  return { nodes: [commentNode(id)], pageInfo };
};

describe("a connection", () => {
  test("is read to its end", async () => {
    const github = readOnly(({ variables }) => {
      expect(variables["id"]).toBe("I_12");
      return { node: { page: pageOf(variables["after"]) } };
    });
    const nodes = await allOf(github, "comments", { id: "I_12" }, pageOf(null));
    expect(nodes.map((node) => node.fullDatabaseId)).toEqual(["1", "2", "3"]);
    expect(github.calls).toEqual(["NextComments", "NextComments"]);
  });

  test("that ends on its first page takes no call", async () => {
    const github = readOnly(() => new Error("no call was expected"));
    expect(await allOf(github, "comments", { id: "I_12" }, whole([commentNode(1)]))).toHaveLength(1);
    expect(await allOf(github, "issueLabels", { id: "I_12" }, null)).toEqual([]);
  });

  test.each([
    ["an error on a later page", () => new Error("502"), "502"],
    [
      "an owner that is gone meanwhile",
      () => ({ node: null }),
      "GitHub has no further page of comments of I_12.",
    ],
  ])("is never taken for whole after %s", async (_, answers, message) => {
    await expect(allOf(readOnly(answers), "comments", { id: "I_12" }, pageOf(null))).rejects.toThrow(message);
  });

  test("may have nodes that are hidden from us", () => {
    expect(present({ nodes: [null, at(1)] })).toEqual([at(1)]);
    expect(present({ nodes: null })).toEqual([]);
    expect(present(null)).toEqual([]);
  });
});
