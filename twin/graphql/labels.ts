import type { Issue } from "../model.ts";
import type { Ask } from "./ask.ts";
import { recordOf } from "./nodes.ts";
import { noSuchNode } from "./refusal.ts";

/** The names of labels by their node ids. @throws GraphQLError NOT_FOUND for a label of another repository */
export async function labelNames(ids: string | readonly string[], issue: Issue, ask: Ask): Promise<string[]> {
  const labels = await Promise.all([ids].flat().map((id) => recordOf(id, ["Label"], ask)));
  const stranger = labels.findIndex((label) => label.repositoryId !== issue.repositoryId);
  if (stranger >= 0) throw noSuchNode([ids].flat()[stranger]!);
  return labels.map((label) => label.name);
}
