import type * as github from "@octokit/graphql-schema";
import { closeIssue, reopenIssue } from "../../acts/issues.ts";
import { mergePull } from "../../acts/merge.ts";
import {
  changeBase,
  createPull,
  removeReviewRequests,
  requestReviewers,
  setDraft,
  updateBranch,
} from "../../acts/pulls.ts";
import type { MergeMethod } from "../../model.ts";
import { nodeId } from "../../nodeIds.ts";
import { accountOf, issueOfPull, repositoryOf } from "../../store.ts";
import { actor, demand } from "../../viewer.ts";
import { actorSource } from "../accounts.ts";
import type { Ask, Fields } from "../ask.ts";
import { edgeOf } from "../connection.ts";
import { recordOf } from "../nodes.ts";
import { notInTwin, refusal } from "../refusal.ts";
import { needs } from "../../needs.ts";
import { mutation } from "./mutation.ts";
import { updateConversation } from "./updateConversation.ts";

export const pullRequestMutations: Fields<github.Mutation, undefined> = {
  createPullRequest: mutation<github.CreatePullRequestInput>(async (input, ask) => {
    const repository = await recordOf(input.repositoryId, ["Repository"], ask);
    if (input.headRepositoryId != null && input.headRepositoryId !== nodeId("Repository", repository.id))
      throw notInTwin("CreatePullRequestInput", "headRepositoryId of another repository");
    const pullRequest = await createPull(ask.world, ask.viewer, repository, {
      title: input.title,
      body: input.body ?? undefined,
      head: branchName(input.headRefName),
      base: branchName(input.baseRefName),
      draft: input.draft ?? undefined,
      maintainerCanModify: input.maintainerCanModify ?? undefined,
    });
    return { pullRequest };
  }),
  updatePullRequest: mutation<github.UpdatePullRequestInput>(async (input, ask) => {
    const pullRequest = await recordOf(input.pullRequestId, ["PullRequest"], ask);
    if (input.maintainerCanModify != null) throw notInTwin("UpdatePullRequestInput", "maintainerCanModify");
    await updateConversation(issueOfPull(ask.state, pullRequest), input, ask);
    if (input.baseRefName != null)
      await changeBase(ask.world, ask.viewer, pullRequest, branchName(input.baseRefName));
    return { pullRequest, actor: actorSource(actor(ask.viewer)) };
  }),
  closePullRequest: mutation<github.ClosePullRequestInput>(async (input, ask) => {
    const pullRequest = await recordOf(input.pullRequestId, ["PullRequest"], ask);
    closeIssue(ask.world, ask.viewer, issueOfPull(ask.state, pullRequest));
    return { pullRequest };
  }),
  reopenPullRequest: mutation<github.ReopenPullRequestInput>(async (input, ask) => {
    const pullRequest = await recordOf(input.pullRequestId, ["PullRequest"], ask);
    reopenIssue(ask.world, ask.viewer, issueOfPull(ask.state, pullRequest));
    return { pullRequest };
  }),
  mergePullRequest: mutation<github.MergePullRequestInput>(async (input, ask) => {
    const pullRequest = await recordOf(input.pullRequestId, ["PullRequest"], ask);
    await mergePull(ask.world, ask.viewer, pullRequest, {
      method: (input.mergeMethod ?? "MERGE").toLowerCase() as MergeMethod,
      sha: oidOf(input.expectedHeadOid),
      title: input.commitHeadline ?? undefined,
      message: input.commitBody ?? undefined,
    });
    return { pullRequest, actor: actorSource(actor(ask.viewer)) };
  }),
  markPullRequestReadyForReview: mutation<github.MarkPullRequestReadyForReviewInput>(async (input, ask) => {
    const pullRequest = await recordOf(input.pullRequestId, ["PullRequest"], ask);
    setDraft(ask.world, ask.viewer, pullRequest, false);
    return { pullRequest };
  }),
  convertPullRequestToDraft: mutation<github.ConvertPullRequestToDraftInput>(async (input, ask) => {
    const pullRequest = await recordOf(input.pullRequestId, ["PullRequest"], ask);
    setDraft(ask.world, ask.viewer, pullRequest, true);
    return { pullRequest };
  }),
  updatePullRequestBranch: mutation<github.UpdatePullRequestBranchInput>(async (input, ask) => {
    const pullRequest = await recordOf(input.pullRequestId, ["PullRequest"], ask);
    if (input.updateMethod != null && input.updateMethod !== "MERGE")
      throw notInTwin("PullRequestBranchUpdateMethod", input.updateMethod);
    await updateBranch(ask.world, ask.viewer, pullRequest, oidOf(input.expectedHeadOid));
    return { pullRequest };
  }),
  requestReviews: mutation<github.RequestReviewsInput>(requestReviews),
  enablePullRequestAutoMerge: mutation<github.EnablePullRequestAutoMergeInput>(async (input, ask) => {
    const pullRequest = await recordOf(input.pullRequestId, ["PullRequest"], ask);
    demand(ask.viewer, repositoryOf(ask.state, pullRequest), needs.merge);
    throw refusal("UNPROCESSABLE", "Auto merge is not allowed for this repository");
  }),
};

/** Asks people; without `union` those who were asked before and aren't named are no longer asked. */
async function requestReviews(input: github.RequestReviewsInput, ask: Ask) {
  const { world, viewer, state } = ask;
  const pullRequest = await recordOf(input.pullRequestId, ["PullRequest"], ask);
  if (input.teamIds != null && [input.teamIds].flat().length > 0)
    throw notInTwin("RequestReviewsInput", "teamIds");
  const people = await Promise.all([input.userIds ?? []].flat().map((id) => recordOf(id, ["User"], ask)));
  const logins = people.map((account) => account.login);
  const before = pullRequest.requestedReviewerIds.map((id) => accountOf(state, id).login);
  const dropped = input.union ? [] : before.filter((login) => !logins.includes(login));
  removeReviewRequests(world, viewer, pullRequest, dropped);
  requestReviewers(world, viewer, pullRequest, logins);
  const last = people.at(-1);
  return {
    pullRequest,
    actor: actorSource(actor(viewer)),
    requestedReviewersEdge: last ? edgeOf(last, [last.id]) : null,
  };
}

function branchName(name: string): string {
  return name.replace(/^refs\/heads\//, "");
}

function oidOf(oid: string | null | undefined): string | undefined {
  return oid ?? undefined;
}
