import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyedNodeId, nodeId } from "../nodeIds.ts";
import type { Permissions } from "../model.ts";
import { ask, at, refusals, tell } from "./testing/answers.ts";
import { tellStory } from "./testing/story.ts";
import type { Story } from "./testing/story.ts";
import type { Viewer } from "../viewer.ts";
import { buildTown } from "./testing/town.ts";

let story: Story;
beforeAll(async () => {
  story = await tellStory(await buildTown());
});
afterAll(() => story.town.leave());

const inTool = (selection: string) => `{ repository(owner: "acme", name: "tool") { ${selection} } }`;
const ofPull = (selection: string) => inTool(`pullRequest(number: 4) { ${selection} }`);
const forbidden = { type: "FORBIDDEN", message: "Resource not accessible by integration" };

/** A permission, what can't be read without it, and where the refusal is. */
const reads: [permission: string, query: string, path: string, also?: Permissions][] = [
  ["issues", inTool("issue(number: 1) { title }"), "repository.issue"],
  ["issues", inTool("issues(first: 1) { totalCount }"), "repository.issues"],
  ["issues", inTool("issueOrPullRequest(number: 1) { __typename }"), "repository.issueOrPullRequest"],
  ["issues", inTool("labels(first: 1) { totalCount }"), "repository.labels"],
  [
    "issues",
    ofPull("closingIssuesReferences(first: 1) { totalCount }"),
    "repository.pullRequest.closingIssuesReferences",
    { pull_requests: "read" },
  ],
  ["pull_requests", ofPull("title"), "repository.pullRequest"],
  ["pull_requests", inTool("pullRequests(first: 1) { totalCount }"), "repository.pullRequests"],
  ["contents", inTool("defaultBranchRef { name }"), "repository.defaultBranchRef"],
  ["contents", inTool('refs(refPrefix: "refs/heads/", first: 1) { totalCount }'), "repository.refs"],
  ["contents", inTool('object(expression: "HEAD") { oid }'), "repository.object"],
  [
    "contents",
    ofPull("commits(first: 1) { totalCount }"),
    "repository.pullRequest.commits",
    { pull_requests: "read" },
  ],
  [
    "checks",
    ofPull("commits(last: 1) { nodes { commit { checkSuites(first: 1) { totalCount } } } }"),
    "repository.pullRequest.commits.nodes.0.commit.checkSuites",
    { pull_requests: "read", contents: "read" },
  ],
  [
    "statuses",
    ofPull("commits(last: 1) { nodes { commit { status { state } } } }"),
    "repository.pullRequest.commits.nodes.0.commit.status",
    { pull_requests: "read", contents: "read" },
  ],
  [
    "checks",
    ofPull("statusCheckRollup { state }"),
    "repository.pullRequest.statusCheckRollup",
    { pull_requests: "read" },
  ],
];

describe("an app", () => {
  it.each(reads)("without %s can't read %s", async (permission, query, path, also = {}) => {
    const { world, asApp } = story.town;
    const without = asApp({ metadata: "read", ...also });
    const found = await refusals(world, without, query);
    expect(found).toEqual([
      { ...forbidden, path: path.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key)) },
    ]);
    const { errors } = await ask(world, asApp({ metadata: "read", ...also, [permission]: "read" }), query);
    expect(errors).toBeUndefined();
  });

  it("is told so as GitHub tells it, beside what it may read", async () => {
    const { world, asApp } = story.town;
    const answer = await ask(
      world,
      asApp({ metadata: "read", issues: "read" }),
      inTool("name issue(number: 1) { number } pullRequest(number: 4) { number }"),
    );
    expect(JSON.parse(JSON.stringify(answer))).toEqual({
      data: { repository: { name: "tool", issue: { number: 1 }, pullRequest: null } },
      errors: [
        {
          ...forbidden,
          path: ["repository", "pullRequest"],
          extensions: { saml_failure: false },
          locations: [{ line: 1, column: 78 }],
        },
      ],
    });
  });

  it("is refused each item of a union for itself", async () => {
    const { world, asApp } = story.town;
    const query = ofPull("statusCheckRollup { contexts(first: 4) { nodes { __typename } } }");
    const answer = await ask(
      world,
      asApp({ metadata: "read", pull_requests: "read", checks: "read" }),
      query,
    );
    expect(at(answer.data, "repository.pullRequest.statusCheckRollup.contexts.nodes")).toMatchObject([
      { __typename: "CheckRun" },
      { __typename: "CheckRun" },
      { __typename: "CheckRun" },
      null,
    ]);
    expect(answer.errors).toMatchObject([
      { ...forbidden, path: ["repository", "pullRequest", "statusCheckRollup", "contexts", "nodes", 3] },
    ]);
  });

  it("reaches nothing by node id that it may not read", async () => {
    const { world, asApp, repository } = story.town;
    const ids = [
      nodeId("Issue", story.issue.id),
      nodeId("PullRequest", story.pull.id),
      keyedNodeId("Commit", repository.id, story.mainSha),
      nodeId("IssueComment", [...world.state.comments.rows.keys()][0]!),
      nodeId("TimelineEvent", [...world.state.timeline.rows.keys()][0]!),
      nodeId("Reaction", [...world.state.reactions.rows.keys()][0]!),
      nodeId("UserContentEdit", story.issue.edits[0]!.id),
    ];
    const query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }";
    const answer = await ask(world, asApp({ metadata: "read" }), query, { ids });
    expect(answer.data).toEqual({ nodes: ids.map(() => null) });
    expect(answer.errors?.map((error) => [error.type, error.path])).toEqual(
      ids.map((_id, index) => ["FORBIDDEN", ["nodes", index]]),
    );
  });

  it("whose token was narrowed to other repositories doesn't know this one", async () => {
    const { world, asApp } = story.town;
    const viewer: Viewer = { ...asApp(), repositories: [] };
    expect(await refusals(world, viewer, inTool("name"))).toEqual([
      {
        type: "NOT_FOUND",
        path: ["repository"],
        message: "Could not resolve to a Repository with the name 'acme/tool'.",
      },
    ]);
  });
});

describe("a person", () => {
  it("reads with the level read", async () => {
    const { world, as } = story.town;
    const data = await tell(world, as("rex"), inTool("viewerPermission issue(number: 1) { title }"));
    expect(data).toEqual({ repository: { viewerPermission: "READ", issue: { title: "It breaks" } } });
  });

  it("sees no collaborators without write", async () => {
    const { world, as } = story.town;
    const query = inTool("collaborators(first: 9) { edges { permission node { login } } }");
    expect(await refusals(world, as("rex"), query)).toMatchObject([
      { type: "FORBIDDEN", path: ["repository", "collaborators"] },
    ]);
    const edges = at(await tell(world, as("mia"), query), "repository.collaborators.edges");
    expect(edges).toContainEqual({ permission: "TRIAGE", node: { login: "tom" } });
  });

  it.each(["repository", "node"])("without a level doesn't know the repository, by %s", async (way) => {
    const { world, as } = story.town;
    const id = nodeId("Issue", story.issue.id);
    const [query, message] =
      way === "node"
        ? [`{ node(id: "${id}") { id } }`, `Could not resolve to a node with the global id of '${id}'.`]
        : [inTool("id"), "Could not resolve to a Repository with the name 'acme/tool'."];
    expect(await refusals(world, as("sam"), query)).toEqual([{ type: "NOT_FOUND", path: [way], message }]);
  });
});

it("nobody, and an app's own JWT, get 401", async () => {
  const { world } = story.town;
  const [app] = [...world.state.apps.rows.values()];
  for (const viewer of [{ kind: "anonymous" }, { kind: "app", app: app! }] as const)
    await expect(ask(world, viewer, "{ viewer { login } }")).rejects.toMatchObject({ status: 401 });
});
