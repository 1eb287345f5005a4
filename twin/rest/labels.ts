import { z } from "zod";
import { addLabels, createLabel, deleteLabel, editLabel, removeLabel, setLabels } from "../acts/labels.ts";
import { take } from "../http.ts";
import type { Route } from "../http.ts";
import { labelsOf } from "../lookup.ts";
import type { Issue, Label } from "../model.ts";
import { needs } from "../needs.ts";
import { labelPayload } from "../payloads/issue.ts";
import { labelByName } from "../store.ts";
import { childrenOf } from "../table.ts";
import { issueIn, labelName, labelSchema } from "./issues.ts";
import { created, existing, noContent, ofRepository, ok, page } from "./route.ts";
import type { RepositoryCall } from "./route.ts";

/** https://docs.github.com/en/rest/issues/labels */
export const labelRoutes: readonly Route[] = [
  ofRepository("GET /labels", needs.readLabels, (call) =>
    page(call, childrenOf(call.world.state.labels, call.repository.id), (label) =>
      labelPayload(call.world, label),
    ),
  ),
  ofRepository("POST /labels", needs.createLabel, (call) => {
    const label = createLabel(call.world, call.viewer, call.repository, take(call, newLabelSchema));
    return created(labelPayload(call.world, label));
  }),
  ofRepository("GET /labels/:name", needs.readLabels, (call) => ok(labelPayload(call.world, labelIn(call)))),
  ofRepository("PATCH /labels/:name", needs.writeLabels, (call) => {
    const label = labelIn(call);
    const { new_name, ...rest } = take(
      call,
      newLabelSchema.partial().extend({ new_name: z.string().optional() }),
    );
    editLabel(call.world, call.viewer, label, { ...rest, name: new_name ?? label.name });
    return ok(labelPayload(call.world, label));
  }),
  ofRepository("DELETE /labels/:name", needs.writeLabels, (call) => {
    deleteLabel(call.world, call.viewer, labelIn(call));
    return noContent();
  }),
  ofRepository("GET /issues/:number/labels", needs.readConversations, (call) =>
    page(call, labelsOf(call.world.state, issueIn(call)), (label) => labelPayload(call.world, label)),
  ),
  ofRepository("POST /issues/:number/labels", needs.writeConversations, (call) => {
    const issue = issueIn(call);
    addLabels(call.world, call.viewer, issue, namesIn(call));
    return all(call, issue);
  }),
  ofRepository("PUT /issues/:number/labels", needs.writeConversations, (call) => {
    const issue = issueIn(call);
    setLabels(call.world, call.viewer, issue, namesIn(call));
    return all(call, issue);
  }),
  ofRepository("DELETE /issues/:number/labels", needs.writeConversations, (call) => {
    setLabels(call.world, call.viewer, issueIn(call), []);
    return noContent();
  }),
  ofRepository("DELETE /issues/:number/labels/:name", needs.writeConversations, (call) => {
    const issue = issueIn(call);
    removeLabel(call.world, call.viewer, issue, call.params["name"]!);
    return all(call, issue);
  }),
];

const newLabelSchema = z.object({
  name: z.string(),
  color: z.string().optional(),
  description: z.string().nullish(),
});

/** `{labels: […]}`, or the list alone. */
function namesIn(call: RepositoryCall): string[] {
  const list = z.array(labelSchema);
  const taken = take(call, z.union([list, z.object({ labels: list.default([]) })]));
  return (Array.isArray(taken) ? taken : taken.labels).map(labelName);
}

function labelIn(call: RepositoryCall): Label {
  return existing(labelByName(call.world.state, call.repository.id, call.params["name"]!));
}

function all({ world }: RepositoryCall, issue: Issue) {
  return ok(labelsOf(world.state, issue).map((label) => labelPayload(world, label)));
}
