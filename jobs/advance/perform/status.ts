import type { Effect } from "../decide/effects.ts";
import { revisionKey } from "../revision.ts";
import { printStatus, STATUS_MARKER } from "../statusComment.ts";
import { addUnknown, label, labelMutation } from "./label.ts";
import { once } from "./once.ts";
import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

type StatusEffect = Effect & { kind: "status" };

/** Writes the status comment, and the label with it: everything that follows from the new state comes after it. */
export async function status(effect: StatusEffect, ports: PerformPorts): Promise<void> {
  const { app, repository, issue } = ports.snapshot;
  const home = { appId: app.id, repositoryId: repository.id, issue: issue.number, key: ports.stateKey };
  const body = printStatus({ visible: effect.visible, state: effect.state, ...home });
  if (effect.comment) await edit(effect, effect.comment.nodeId, body, ports);
  else await create(effect, body, ports);
  await ports.redis.set(revisionKey(ports.prefix, repository.id, issue.number), effect.state.revision);
}

/** The comment and the label in one call. A comment that was deleted meanwhile throws: the next look finds it missing. */
async function edit(effect: StatusEffect, id: string, body: string, ports: PerformPorts): Promise<void> {
  // With the same rank, so that there is room for both or for neither: else two labels would stand there.
  if (effect.label) await addUnknown(effect.label, ports, effect.rank);
  const labels = effect.label ? labelMutation(effect.label, ports) : { fields: [], types: [], variables: {} };
  const update = "status: updateIssueComment(input: {id: $comment, body: $body}) { clientMutationId }";
  const types = ["$comment: ID!", "$body: String!", ...labels.types];
  const document = `mutation(${types.join(", ")}) { ${[update, ...labels.fields].join(" ")} }`;
  const variables = { ...labels.variables, comment: id, body };
  await ports.github.mutate(effect.rank, document, variables, 1 + labels.fields.length);
}

/** Throws where it was created a moment ago and isn't seen yet, or is gone again: what follows rests on it. */
async function create(effect: StatusEffect, body: string, ports: PerformPorts): Promise<void> {
  const created = await once(ports, `${STATUS_MARKER}:${effect.state.generation}`, () =>
    ports.github.write(effect.rank, "POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      ...repo(ports),
      issue_number: ports.snapshot.issue.number,
      body,
    }),
  );
  if (!created) throw new Error("The status comment was created a moment ago, and isn't seen: again soon.");
  if (effect.label) await label(effect.label, ports);
}
