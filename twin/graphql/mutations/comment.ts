import type * as github from "@octokit/graphql-schema";
import { createComment, deleteComment, editComment, minimizeComment } from "../../acts/comments.ts";
import { Typed } from "../ask.ts";
import type { Fields } from "../ask.ts";
import { edgeOf } from "../connection.ts";
import { recordOf } from "../nodes.ts";
import { issueOrPull } from "../subjects.ts";
import { mutation } from "./mutation.ts";
import { subjectIssue } from "./subjects.ts";

export const commentMutations: Fields<github.Mutation, undefined> = {
  addComment: mutation<github.AddCommentInput>(async (input, ask) => {
    const issue = await subjectIssue(input.subjectId, ask);
    const comment = createComment(ask.world, ask.viewer, issue, input.body);
    const source = new Typed("IssueComment", comment);
    return {
      subject: issueOrPull(ask.state, issue),
      commentEdge: edgeOf(comment, [comment.createdAt, comment.id]),
      timelineEdge: edgeOf(source, [comment.createdAt, comment.id]),
    };
  }),
  updateIssueComment: mutation<github.UpdateIssueCommentInput>(async (input, ask) => {
    const comment = await recordOf(input.id, ["IssueComment"], ask);
    editComment(ask.world, ask.viewer, comment, input.body);
    return { issueComment: comment };
  }),
  deleteIssueComment: mutation<github.DeleteIssueCommentInput>(async (input, ask) => {
    deleteComment(ask.world, ask.viewer, await recordOf(input.id, ["IssueComment"], ask));
    return {};
  }),
  minimizeComment: mutation<github.MinimizeCommentInput>(async (input, ask) => {
    const comment = await recordOf(input.subjectId, ["IssueComment"], ask);
    const reason = input.classifier.toLowerCase().replace("_", "-");
    minimizeComment(ask.world, ask.viewer, comment, reason);
    return { minimizedComment: new Typed("IssueComment", comment) };
  }),
};
