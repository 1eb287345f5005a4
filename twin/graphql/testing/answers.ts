import type { Viewer } from "../../viewer.ts";
import type { World } from "../../world.ts";
import { executeGraphql } from "../execute.ts";
import type { GraphqlAnswer } from "../execute.ts";
import type { AnswerError } from "../refusal.ts";

type Variables = Record<string, unknown>;

/** What a viewer gets for a query. */
export function ask(
  world: World,
  viewer: Viewer,
  query: string,
  variables: Variables = {},
): Promise<GraphqlAnswer> {
  return executeGraphql(world, viewer, { query, variables });
}

/** The data that a viewer gets, when there is nothing to refuse. */
export async function tell(
  world: World,
  viewer: Viewer,
  query: string,
  variables: Variables = {},
): Promise<Record<string, unknown>> {
  const { data, errors } = await ask(world, viewer, query, variables);
  if (errors) throw new Error(`refused: ${JSON.stringify(errors)}`);
  return plain(data!);
}

/** The errors that a viewer gets, as type, path and message. */
export async function refusals(
  world: World,
  viewer: Viewer,
  query: string,
  variables: Variables = {},
): Promise<Pick<AnswerError, "type" | "path" | "message">[]> {
  const { errors = [] } = await ask(world, viewer, query, variables);
  return errors.map(({ type, path, message }) => ({ ...(type && { type }), ...(path && { path }), message }));
}

/** Runs one mutation and gives its payload. */
export async function perform(
  world: World,
  viewer: Viewer,
  name: string,
  input: Variables,
  payload: string,
): Promise<unknown> {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const query = `mutation ($input: ${type}Input!) { ${name}(input: $input) { clientMutationId ${payload} } }`;
  const data = await tell(world, viewer, query, { input: { clientMutationId: "mine", ...input } });
  if (at(data, `${name}.clientMutationId`) !== "mine") throw new Error(`${name} lost its clientMutationId`);
  return at(data, name);
}

/** As a client reads it from JSON: graphql-js answers with objects without a prototype. */
function plain(data: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
}

/** What is at a path such as `repository.issue.title` of an answer. */
export function at(data: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((found, key) => (found as Record<string, unknown>)[key], data);
}
