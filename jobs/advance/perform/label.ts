import type { Rank } from "../../../app/bucket.ts";
import { isNotFound } from "../../../app/github.ts";
import { phaseLabel } from "../../../app/phase.ts";
import type { LabelChange } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

/** Parts of a GraphQL mutation: its fields, and the variables that they take, with their types. */
interface Mutation {
  fields: string[];
  types: string[];
  variables: Record<string, unknown>;
}

/** Shows the phase as one label; people's labels are never touched. */
export async function label(change: LabelChange, ports: PerformPorts): Promise<void> {
  await addUnknown(change, ports, "state");
  const { fields, types, variables } = labelMutation(change, ports);
  if (fields.length === 0) return;
  const document = `mutation(${types.join(", ")}) { ${fields.join(" ")} }`;
  try {
    await ports.github.mutate("state", document, variables, fields.length);
  } catch (error) {
    // A label that was deleted meanwhile shows nothing any more.
    if (!isNotFound(error)) throw error;
  }
}

/**
 * Adds a label that the repository hasn't yet: GitHub makes it.
 * https://docs.github.com/en/rest/issues/labels#add-labels-to-an-issue
 */
export async function addUnknown({ add }: LabelChange, ports: PerformPorts, rank: Rank): Promise<void> {
  const { snapshot, github } = ports;
  if (!add || snapshot.repository.labels[phaseLabel(add)]) return;
  await github.write(rank, "POST /repos/{owner}/{repo}/issues/{issue_number}/labels", {
    ...repo(ports),
    issue_number: snapshot.issue.number,
    labels: [phaseLabel(add)],
  });
}

/** The change of labels that the repository has; no fields where there is none. */
export function labelMutation({ add, remove }: LabelChange, { snapshot }: PerformPorts): Mutation {
  const ids = snapshot.repository.labels;
  const known = add ? ids[phaseLabel(add)] : undefined;
  const parts = [
    { name: "add", field: "addLabelsToLabelable", labels: known ? [known] : [] },
    {
      name: "remove",
      field: "removeLabelsFromLabelable",
      labels: remove.flatMap((phase) => ids[phaseLabel(phase)] ?? []),
    },
  ].filter((part) => part.labels.length > 0);
  if (parts.length === 0) return { fields: [], types: [], variables: {} };
  return {
    fields: parts.map(
      ({ name, field }) =>
        `${name}: ${field}(input: {labelableId: $issue, labelIds: $${name}}) { clientMutationId }`,
    ),
    types: ["$issue: ID!", ...parts.map(({ name }) => `$${name}: [ID!]!`)],
    variables: {
      issue: snapshot.issue.nodeId,
      ...Object.fromEntries(parts.map(({ name, labels }) => [name, labels])),
    },
  };
}
