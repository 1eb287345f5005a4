import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFile } from "../../acts/contents.ts";
import { at, refusals, tell } from "../testing/answers.ts";
import { lines, push } from "../testing/steps.ts";
import { tellStory } from "../testing/story.ts";
import type { Story } from "../testing/story.ts";
import { buildTown } from "../testing/town.ts";

let story: Story;
beforeAll(async () => {
  story = await tellStory(await buildTown());
});
afterAll(() => story.town.leave());

const ofTool = async (selection: string) => {
  const query = `{ repository(owner: "acme", name: "tool") { ${selection} } }`;
  return at(await tell(story.town.world, story.town.asApp(), query), "repository");
};

/** A blob's sha, as git works it out. */
const blobSha = (content: string) =>
  createHash("sha1")
    .update(`blob ${Buffer.byteLength(content)}\0${content}`)
    .digest("hex");

describe("an object", () => {
  const content = "# Tool\n";

  it.each(["HEAD:README.md", "main:README.md", "refs/heads/main:README.md"])(
    "%s is a blob with its text",
    async (expression) => {
      const selection = `object(expression: "${expression}") { __typename oid ... on Blob { text byteSize isBinary isTruncated } }`;
      expect(await ofTool(selection)).toEqual({
        object: {
          __typename: "Blob",
          oid: blobSha(content),
          text: content,
          byteSize: 7,
          isBinary: false,
          isTruncated: false,
        },
      });
    },
  );

  it("of a folder is a tree whose entries know their path and object", async () => {
    const selection = `object(expression: "HEAD:src") { ... on Tree { entries { name path type mode size extension object { ... on Blob { byteSize } } } } }`;
    const size = lines(40).length;
    expect(await ofTool(selection)).toEqual({
      object: {
        entries: [
          {
            name: "index.ts",
            path: "src/index.ts",
            type: "blob",
            mode: 0o100644,
            size,
            extension: ".ts",
            object: { byteSize: size },
          },
        ],
      },
    });
  });

  it("at the root holds folders as trees", async () => {
    const selection = `object(expression: "HEAD:") { ... on Tree { entries { path type object { __typename ... on Tree { entries { path } } } } } }`;
    expect(at(await ofTool(selection), "object.entries")).toContainEqual({
      path: "src",
      type: "tree",
      object: { __typename: "Tree", entries: [{ path: "src/index.ts" }] },
    });
  });

  it("that is binary has no text", async () => {
    const { world, as, repository } = story.town;
    const file = { path: "x.bin", content: Buffer.from([1, 0, 2]), message: "Add x", branch: "later" };
    await writeFile(world, as("mia"), repository, file);
    expect(
      await ofTool('object(expression: "later:x.bin") { ... on Blob { text isBinary byteSize } }'),
    ).toEqual({
      object: { text: null, isBinary: true, byteSize: 3 },
    });
  });

  it("that isn't there is null, without an error", async () => {
    const selection = `a: object(expression: "HEAD:nope") { oid } b: object(oid: "${"0".repeat(40)}") { oid } c: object(expression: "--help") { oid }`;
    expect(await ofTool(selection)).toEqual({ a: null, b: null, c: null });
  });
});

describe("a commit", () => {
  it("tells its message, people and files", async () => {
    const selection = `object(expression: "fix") { ... on Commit {
      oid abbreviatedOid messageHeadline messageBody additions deletions changedFilesIfAvailable authoredByCommitter
      author { name email user { login } } committer { user { login } } authors(first: 9) { nodes { email user { login } } }
      file(path: "src/a.ts") { path size type } missing: file(path: "nope") { path } } }`;
    const { pull } = story;
    expect(await ofTool(selection)).toEqual({
      object: {
        oid: pull.headSha,
        abbreviatedOid: pull.headSha.slice(0, 7),
        messageHeadline: "Write docs/c.md",
        messageBody: "Co-authored-by: Ann <ann@acme.test>\nCo-authored-by: X <x@else.test>",
        additions: 3,
        deletions: 0,
        changedFilesIfAvailable: 1,
        authoredByCommitter: true,
        author: { name: "mia", email: "mia@acme.test", user: { login: "mia" } },
        committer: { user: { login: "mia" } },
        authors: {
          nodes: [
            { email: "mia@acme.test", user: { login: "mia" } },
            { email: "ann@acme.test", user: { login: "ann" } },
            { email: "x@else.test", user: null },
          ],
        },
        file: { path: "src/a.ts", size: lines(20).length, type: "blob" },
        missing: null,
      },
    });
  });

  it("has a history that can be narrowed to a path and to an author", async () => {
    const selection = `object(expression: "fix") { ... on Commit {
      all: history(first: 9) { totalCount nodes { messageHeadline } }
      path: history(first: 9, path: "src/a.ts") { nodes { messageHeadline } }
      nobody: history(first: 9, author: { emails: ["no@no.test"] }) { totalCount } } }`;
    expect(await ofTool(selection)).toEqual({
      object: {
        all: {
          totalCount: 5,
          nodes: ["docs/c.md", "src/b.ts", "src/a.ts", "src/index.ts", "README.md"].map((path) => ({
            messageHeadline: `Write ${path}`,
          })),
        },
        path: { nodes: [{ messageHeadline: "Write src/a.ts" }] },
        nobody: { totalCount: 0 },
      },
    });
  });

  it("has no rollup and no status while nothing was said of it", async () => {
    await push(story.town, "later", { "later.txt": "x\n" });
    const selection =
      'object(expression: "later") { ... on Commit { statusCheckRollup { state } status { state } } }';
    expect(await ofTool(selection)).toEqual({ object: { statusCheckRollup: null, status: null } });
  });
});

describe("refs", () => {
  it("are listed by prefix, text and order", async () => {
    const selection = `
      all: refs(refPrefix: "refs/heads/", first: 9, orderBy: { field: ALPHABETICAL, direction: DESC }) { nodes { name prefix } }
      some: refs(refPrefix: "refs/heads/", first: 9, query: "LA") { nodes { name } }
      tags: refs(refPrefix: "refs/tags/", first: 9) { totalCount }`;
    expect(await ofTool(selection)).toEqual({
      all: { nodes: ["next", "main", "later", "fix"].map((name) => ({ name, prefix: "refs/heads/" })) },
      some: { nodes: [{ name: "later" }] },
      tags: { totalCount: 0 },
    });
  });

  it("know their target, their pull requests and their rule", async () => {
    const { repository, world, as } = story.town;
    repository.protections.push({ branch: "main", requiredChecks: ["unit"], requiredApprovals: 3 });
    const selection = `
      ref(qualifiedName: "fix") { target { __typename oid } associatedPullRequests(first: 9, baseRefName: "main") { nodes { number } } refUpdateRule { pattern } }
      defaultBranchRef { name refUpdateRule { requiredStatusCheckContexts requiredApprovingReviewCount } branchProtectionRule { pattern } }
      none: ref(qualifiedName: "refs/heads/none") { name }`;
    expect(await ofTool(selection)).toEqual({
      ref: {
        target: { __typename: "Commit", oid: story.pull.headSha },
        associatedPullRequests: { nodes: [{ number: 4 }] },
        refUpdateRule: null,
      },
      defaultBranchRef: {
        name: "main",
        refUpdateRule: { requiredStatusCheckContexts: ["unit"], requiredApprovingReviewCount: 3 },
        branchProtectionRule: { pattern: "main" },
      },
      none: null,
    });
    const query =
      '{ repository(owner: "acme", name: "tool") { defaultBranchRef { branchProtectionRule { pattern } } } }';
    expect(at(await tell(world, as("mia"), query), "repository.defaultBranchRef")).toEqual({
      branchProtectionRule: null,
    });
    repository.protections.pop();
  });

  it("aren't ordered by tags' dates here", async () => {
    const { world, asApp } = story.town;
    const query =
      '{ repository(owner: "acme", name: "tool") { refs(refPrefix: "refs/tags/", first: 1, orderBy: { field: TAG_COMMIT_DATE, direction: ASC }) { totalCount } } }';
    expect(await refusals(world, asApp(), query)).toMatchObject([{ type: "NOT_IN_TWIN" }]);
  });
});
