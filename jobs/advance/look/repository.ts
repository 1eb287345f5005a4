import type { Choices } from "../../../app/config/choices.ts";
import { SETTINGS_PATH, parseSettings } from "../../../app/config/repository.ts";
import { phaseOfLabel } from "../../../app/phase.ts";
import type { Snapshot } from "../decide/snapshot.ts";
import type { NodeOf } from "./pager.ts";
import type { RepositoryFields } from "./readIssue.ts";

/** The repository as the snapshot has it. `labels`: those of the query, all pages; `choices`: what its settings may name. */
export function repository(
  fields: RepositoryFields,
  labels: NodeOf<"repositoryLabels">[],
  choices: Choices,
): Snapshot["repository"] {
  if (fields.databaseId === null) throw new Error(`GitHub answered with no id of ${fields.name}.`);
  const branch = fields.defaultBranchRef;
  return {
    id: fields.databaseId,
    owner: fields.owner.login,
    name: fields.name,
    base: branch?.target ? { branch: branch.name, sha: branch.target.oid } : null,
    settings: settings(fields.settings, choices),
    archived: fields.isArchived,
    labels: Object.fromEntries(
      labels.filter((label) => phaseOfLabel(label.name) !== null).map((label) => [label.name, label.id]),
    ),
  };
}

function settings(file: RepositoryFields["settings"], choices: Choices): Snapshot["repository"]["settings"] {
  if (file === null) return parsed(null, choices);
  if (file.kind !== "Blob") return { kind: "invalid", errors: [`\`${SETTINGS_PATH}\` is not a file.`] };
  // GitHub cuts at 512,000 bytes, and gives no text of what it takes for binary.
  if (file.isTruncated) return { kind: "invalid", errors: [`\`${SETTINGS_PATH}\` is too long to be read.`] };
  if (file.text === null) return { kind: "invalid", errors: [`\`${SETTINGS_PATH}\` is not a text.`] };
  return parsed(file.text, choices);
}

function parsed(text: string | null, choices: Choices): Snapshot["repository"]["settings"] {
  const result = parseSettings(text, choices);
  return "settings" in result
    ? { kind: "valid", settings: result.settings }
    : { kind: "invalid", errors: result.errors };
}
