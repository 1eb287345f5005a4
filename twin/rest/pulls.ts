import { z } from "zod";
import { closeIssue, editIssue, reopenIssue } from "../acts/issues.ts";
import { mergePull } from "../acts/merge.ts";
import {
  changeBase,
  createPull,
  removeReviewRequests,
  requestReviewers,
  updateBranch,
} from "../acts/pulls.ts";
import { GitHubError } from "../errors.ts";
import { diffFiles, mergeBase } from "../git/compare.ts";
import { listCommits } from "../git/objects.ts";
import { gitDir } from "../git/run.ts";
import { take } from "../http.ts";
import type { Route } from "../http.ts";
import { mergeabilityOf } from "../mergeability.ts";
import type { Pull } from "../model.ts";
import { needs } from "../needs.ts";
import { simpleUser } from "../payloads/account.ts";
import { commitPayload, filePayload } from "../payloads/commit.ts";
import { pullPayload, pullSimple } from "../payloads/pull.ts";
import { accountOf, issueOfPull, pullByNumber } from "../store.ts";
import { childrenOf } from "../table.ts";
import { created, existing, noContent, numberIn, ofRepository, ok, page } from "./route.ts";
import type { RepositoryCall } from "./route.ts";

/** https://docs.github.com/en/rest/pulls/pulls and …/pulls/review-requests */
export const pullRoutes: readonly Route[] = [
  ofRepository("GET /pulls", needs.readPulls, (call) =>
    page(call, pullsListed(call), (pull) => pullSimple(call.world, pull)),
  ),
  ofRepository("POST /pulls", needs.openPull, async (call) => {
    const { maintainer_can_modify, body, ...asked } = take(call, newPullSchema);
    const pull = await createPull(call.world, call.viewer, call.repository, {
      ...asked,
      body: body ?? "",
      maintainerCanModify: maintainer_can_modify,
    });
    return created(pullPayload(call.world, pull));
  }),
  ofRepository("GET /pulls/:number", needs.readPulls, async (call) => {
    const pull = pullIn(call);
    return ok(pullPayload(call.world, pull, await mergeabilityOf(call.world, pull)));
  }),
  ofRepository("PATCH /pulls/:number", needs.editPull, async (call) => {
    const { title, body, state, base } = take(call, pullChangeSchema);
    const pull = pullIn(call);
    const issue = issueOfPull(call.world.state, pull);
    const { world, viewer } = call;
    if (title !== undefined || body !== undefined)
      editIssue(world, viewer, issue, { title, body: body ?? undefined });
    if (base !== undefined) await changeBase(world, viewer, pull, base);
    if (state === "closed") closeIssue(world, viewer, issue);
    if (state === "open") reopenIssue(world, viewer, issue);
    return ok(pullPayload(world, pull, await mergeabilityOf(world, pull)));
  }),
  ofRepository("GET /pulls/:number/files", needs.readPulls, async (call) => {
    const { baseSha, headSha } = pullIn(call);
    const dir = gitDir(call.world, call.repository);
    const files = await diffFiles(dir, (await mergeBase(dir, baseSha, headSha)) ?? baseSha, headSha);
    return page(call, files, (file) => filePayload(call.world, call.repository, { file, sha: headSha }));
  }),
  ofRepository("GET /pulls/:number/commits", needs.readPulls, async (call) => {
    const { baseSha, headSha } = pullIn(call);
    const dir = gitDir(call.world, call.repository);
    const commits = await listCommits(dir, `${baseSha}..${headSha}`, ["--reverse", "--max-count=250"]);
    return page(call, commits, (commit) => commitPayload(call.world, call.repository, commit));
  }),
  ofRepository("GET /pulls/:number/merge", needs.readPulls, (call) => {
    existing(pullIn(call).merged ?? undefined);
    return noContent();
  }),
  ofRepository("PUT /pulls/:number/merge", needs.merge, async (call) => {
    const asked = take(call, mergeSchema);
    const sha = await mergePull(call.world, call.viewer, pullIn(call), {
      method: asked.merge_method,
      sha: asked.sha,
      title: asked.commit_title,
      message: asked.commit_message,
    });
    return ok({ sha, merged: true, message: "Pull Request successfully merged" });
  }),
  ofRepository("PUT /pulls/:number/update-branch", needs.updateBranch, async (call) => {
    const { expected_head_sha } = take(call, z.object({ expected_head_sha: z.string().optional() }));
    const pull = pullIn(call);
    await updateBranch(call.world, call.viewer, pull, expected_head_sha);
    const { url } = pullSimple(call.world, pull);
    return { status: 202, body: { message: "Updating pull request branch.", url } };
  }),
  ofRepository("GET /pulls/:number/requested_reviewers", needs.readPulls, (call) => {
    const { world } = call;
    const users = pullIn(call).requestedReviewerIds.map((id) =>
      simpleUser(world, accountOf(world.state, id)),
    );
    return ok({ users, teams: [] });
  }),
  ofRepository("POST /pulls/:number/requested_reviewers", needs.requestReview, (call) => {
    const pull = pullIn(call);
    requestReviewers(call.world, call.viewer, pull, take(call, reviewersSchema).reviewers);
    return created(pullSimple(call.world, pull));
  }),
  ofRepository("DELETE /pulls/:number/requested_reviewers", needs.requestReview, (call) => {
    const pull = pullIn(call);
    removeReviewRequests(call.world, call.viewer, pull, take(call, reviewersSchema).reviewers);
    return ok(pullSimple(call.world, pull));
  }),
];

/** The pull requests with a commit as their head, or in them: `GET /commits/:sha/pulls`. */
export const pullsOfCommitRoute: Route = ofRepository("GET /commits/:sha/pulls", needs.readPulls, (call) => {
  const { world, repository, params } = call;
  const sha = params["sha"]!;
  const having = childrenOf(world.state.pulls, repository.id).filter(
    (pull) => pull.headSha === sha || pull.merged?.commitSha === sha,
  );
  return page(call, having, (pull) => pullSimple(world, pull));
});

/** The pull request in the path. */
export function pullIn(call: RepositoryCall): Pull {
  return existing(pullByNumber(call.world.state, call.repository.id, numberIn(call, "number")));
}

const newPullSchema = z.object({
  title: z.string(),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
  maintainer_can_modify: z.boolean().optional(),
});
const pullChangeSchema = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]).optional(),
  base: z.string().optional(),
});
const mergeSchema = z.object({
  merge_method: z.enum(["merge", "squash", "rebase"]).default("merge"),
  sha: z.string().optional(),
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
});
const reviewersSchema = z.object({ reviewers: z.array(z.string()).default([]) });

/** https://docs.github.com/en/rest/pulls/pulls#list-pull-requests */
function pullsListed({ world, repository, query }: RepositoryCall): Pull[] {
  const state = query.get("state") ?? "open";
  if (!["open", "closed", "all"].includes(state)) throw new GitHubError(422, "Validation Failed");
  const owner = accountOf(world.state, repository.ownerId).login;
  const head = query.get("head");
  const base = query.get("base");
  const found = childrenOf(world.state.pulls, repository.id).filter(
    (pull) =>
      (state === "all" || issueOfPull(world.state, pull).state === state) &&
      // GitHub ignores a head without an owner.
      (head === null || !head.includes(":") || head === `${owner}:${pull.headRef}`) &&
      (base === null || base === pull.baseRef),
  );
  return query.get("direction") === "asc" ? found : found.toReversed();
}
