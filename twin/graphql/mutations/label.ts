import type * as github from "@octokit/graphql-schema";
import { addLabels, createLabel, removeLabel } from "../../acts/labels.ts";
import type { Fields } from "../ask.ts";
import { labelNames } from "../labels.ts";
import { recordOf } from "../nodes.ts";
import { issueOrPull } from "../subjects.ts";
import { mutation } from "./mutation.ts";
import { subjectIssue } from "./subjects.ts";

export const labelMutations: Fields<github.Mutation, undefined> = {
  createLabel: mutation<github.CreateLabelInput>(async (input, ask) => {
    const repository = await recordOf(input.repositoryId, ["Repository"], ask);
    const { name, color, description } = input;
    return { label: createLabel(ask.world, ask.viewer, repository, { name, color, description }) };
  }),
  addLabelsToLabelable: mutation<github.AddLabelsToLabelableInput>(async (input, ask) => {
    const issue = await subjectIssue(input.labelableId, ask);
    addLabels(ask.world, ask.viewer, issue, await labelNames(input.labelIds, issue, ask));
    return { labelable: issueOrPull(ask.state, issue) };
  }),
  removeLabelsFromLabelable: mutation<github.RemoveLabelsFromLabelableInput>(async (input, ask) => {
    const issue = await subjectIssue(input.labelableId, ask);
    for (const name of await labelNames(input.labelIds, issue, ask))
      removeLabel(ask.world, ask.viewer, issue, name);
    return { labelable: issueOrPull(ask.state, issue) };
  }),
};
