import { isNotFound } from "../../../app/github.ts";
import { phaseLabel } from "../../../app/phase.ts";
import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

/** Shows the phase as one label; people's labels are never touched. */
export async function label(effect: Effect & { kind: "label" }, ports: PerformPorts): Promise<void> {
  const { snapshot, github } = ports;
  const ids = snapshot.repository.labels;
  const add = effect.add && phaseLabel(effect.add);
  const known = add ? ids[add] : undefined;
  // GitHub makes a label that the repository hasn't yet:
  // https://docs.github.com/en/rest/issues/labels#add-labels-to-an-issue
  if (add && !known) {
    const issue = { ...repo(ports), issue_number: snapshot.issue.number };
    await github.write("state", "POST /repos/{owner}/{repo}/issues/{issue_number}/labels", {
      ...issue,
      labels: [add],
    });
  }
  const remove = effect.remove.flatMap((phase) => ids[phaseLabel(phase)] ?? []);
  const parts = [
    known
      ? "add: addLabelsToLabelable(input: {labelableId: $issue, labelIds: $add}) { clientMutationId }"
      : "",
    remove.length > 0
      ? "remove: removeLabelsFromLabelable(input: {labelableId: $issue, labelIds: $remove}) { clientMutationId }"
      : "",
  ].filter((part) => part !== "");
  if (parts.length === 0) return;
  const types = [
    "$issue: ID!",
    known ? "$add: [ID!]!" : "",
    remove.length > 0 ? "$remove: [ID!]!" : "",
  ].filter(Boolean);
  const variables = {
    issue: snapshot.issue.nodeId,
    ...(known ? { add: [known] } : {}),
    ...(remove.length > 0 ? { remove } : {}),
  };
  try {
    await github.mutate(
      "state",
      `mutation(${types.join(", ")}) { ${parts.join(" ")} }`,
      variables,
      parts.length,
    );
  } catch (error) {
    // A label that was deleted meanwhile shows nothing any more.
    if (!isNotFound(error)) throw error;
  }
}
