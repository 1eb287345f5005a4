import { GitHubError, invalid } from "../errors.ts";
import type { Issue, Label, Repository } from "../model.ts";
import { needs, triageOf } from "../needs.ts";
import { labelPayload } from "../payloads/issue.ts";
import { labelByName, newId, repositoryOf } from "../store.ts";
import { childrenOf, insert, remove } from "../table.ts";
import { demand } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { record, tell, tellOfIssue } from "./record.ts";

export interface LabelText {
  name: string;
  color?: string | undefined;
  description?: string | null | undefined;
}

/** Adds a label to a repository. Names are at most 50 characters, colors six hexadecimal digits. */
export function createLabel(world: World, viewer: Viewer, repository: Repository, asked: LabelText): Label {
  demand(viewer, repository, needs.createLabel);
  checkLabel(asked);
  if (labelByName(world.state, repository.id, asked.name))
    throw invalid({ resource: "Label", code: "already_exists", field: "name" });
  return insertLabel(world, viewer, repository, asked);
}

/** Changes a label; issues that have it show the new name. */
export function editLabel(world: World, viewer: Viewer, label: Label, asked: Partial<LabelText>): void {
  const repository = repositoryOf(world.state, label);
  demand(viewer, repository, needs.writeLabels);
  checkLabel({ name: label.name, ...asked });
  const namesake = asked.name === undefined ? undefined : labelByName(world.state, repository.id, asked.name);
  if (namesake && namesake !== label)
    throw invalid({ resource: "Label", code: "already_exists", field: "name" });
  const changes = {
    ...(asked.name !== undefined && asked.name !== label.name ? { name: { from: label.name } } : {}),
    ...(asked.color !== undefined && asked.color !== label.color ? { color: { from: label.color } } : {}),
  };
  label.name = asked.name ?? label.name;
  label.color = asked.color ?? label.color;
  if (asked.description !== undefined) label.description = asked.description;
  const body = { label: labelPayload(world, label), changes };
  tell(world, viewer, { event: "label", action: "edited", repository, body });
}

/** Removes a label from the repository and from everything that has it. */
export function deleteLabel(world: World, viewer: Viewer, label: Label): void {
  const repository = repositoryOf(world.state, label);
  demand(viewer, repository, needs.writeLabels);
  for (const issue of childrenOf(world.state.issues, repository.id)) {
    if (issue.labelIds.includes(label.id)) detachLabel(world, viewer, issue, label);
  }
  remove(world.state.labels, label);
  tell(world, viewer, {
    event: "label",
    action: "deleted",
    repository,
    body: { label: labelPayload(world, label) },
  });
}

/** Labels an issue or pull request; labels that the repository hasn't are made, as GitHub does. */
export function addLabels(world: World, viewer: Viewer, issue: Issue, names: readonly string[]): void {
  demand(viewer, repositoryOf(world.state, issue), triageOf(issue));
  attachLabels(world, viewer, issue, names);
}

/** Takes a label off. @throws GitHubError 404 if the issue hasn't got it */
export function removeLabel(world: World, viewer: Viewer, issue: Issue, name: string): void {
  demand(viewer, repositoryOf(world.state, issue), triageOf(issue));
  const label = labelByName(world.state, issue.repositoryId, name);
  if (!label || !issue.labelIds.includes(label.id)) throw new GitHubError(404, "Label does not exist");
  detachLabel(world, viewer, issue, label);
}

/** Leaves the issue with these labels and no others. */
export function setLabels(world: World, viewer: Viewer, issue: Issue, names: readonly string[]): void {
  demand(viewer, repositoryOf(world.state, issue), triageOf(issue));
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  for (const label of issue.labelIds.map((id) => world.state.labels.rows.get(id)!)) {
    if (!wanted.has(label.name.toLowerCase())) detachLabel(world, viewer, issue, label);
  }
  attachLabels(world, viewer, issue, names);
}

/** Labels without asking for permission: a new issue's own labels. */
export function attachLabels(world: World, viewer: Viewer, issue: Issue, names: readonly string[]): void {
  const repository = repositoryOf(world.state, issue);
  for (const name of names) {
    const label =
      labelByName(world.state, repository.id, name) ?? insertLabel(world, viewer, repository, { name });
    if (issue.labelIds.includes(label.id)) continue;
    issue.labelIds.push(label.id);
    record(world, viewer, issue, {
      event: "labeled",
      label: { id: label.id, name: label.name, color: label.color },
    });
    tellOfIssue(world, viewer, issue, { action: "labeled", label: labelPayload(world, label) });
  }
}

function detachLabel(world: World, viewer: Viewer, issue: Issue, label: Label): void {
  issue.labelIds = issue.labelIds.filter((id) => id !== label.id);
  record(world, viewer, issue, {
    event: "unlabeled",
    label: { id: label.id, name: label.name, color: label.color },
  });
  tellOfIssue(world, viewer, issue, { action: "unlabeled", label: labelPayload(world, label) });
}

function insertLabel(world: World, viewer: Viewer, repository: Repository, asked: LabelText): Label {
  checkLabel(asked);
  const label = insert(world.state.labels, {
    id: newId(world.state),
    repositoryId: repository.id,
    name: asked.name,
    color: asked.color ?? "ededed",
    description: asked.description ?? null,
    default: false,
  });
  tell(world, viewer, {
    event: "label",
    action: "created",
    repository,
    body: { label: labelPayload(world, label) },
  });
  return label;
}

function checkLabel({ name, color, description }: LabelText): void {
  if (name.trim() === "") throw invalid({ resource: "Label", code: "missing_field", field: "name" });
  if (name.length > 50) throw invalid({ resource: "Label", code: "invalid", field: "name" });
  if (color !== undefined && !/^[0-9a-f]{6}$/i.test(color))
    throw invalid({ resource: "Label", code: "invalid", field: "color" });
  if (description && description.length > 100)
    throw invalid({ resource: "Label", code: "invalid", field: "description" });
}
