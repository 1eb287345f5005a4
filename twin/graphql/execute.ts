import { execute } from "graphql";
import type { ExecutionResult } from "graphql";
import { actor } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import type { Context } from "./ask.ts";
import { costOf } from "./cost.ts";
import type { Cost } from "./cost.ts";
import { prepare } from "./document.ts";
import type { GraphqlRequest } from "./document.ts";
import { answerError } from "./refusal.ts";
import type { AnswerError } from "./refusal.ts";
import { resolveField } from "./resolve.ts";
import { githubSchema } from "./schema.ts";
import { nameOf, pointsPerHour, spendingOf } from "./spending.ts";

/** What `POST /graphql` answers, always with HTTP 200. */
export interface GraphqlAnswer {
  data?: Record<string, unknown> | null;
  errors?: readonly AnswerError[];
}

/** https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#node-limit */
const mostNodes = 500_000;

/**
 * Executes a query or mutations for a viewer.
 *
 * @throws GitHubError 401 for anonymous viewers and for an app's JWT: GraphQL is for users and installations alone.
 */
export async function executeGraphql(
  world: World,
  viewer: Viewer,
  request: GraphqlRequest,
): Promise<GraphqlAnswer> {
  actor(viewer);
  const schema = githubSchema();
  const prepared = prepare(schema, request);
  if (!("document" in prepared)) return { errors: prepared.map(answerError) };
  const cost = costOf(schema, prepared.document, prepared.operation, prepared.variables);
  const refused = overLimits(world, viewer, cost);
  if (refused) return { errors: [refused] };
  const result = await execute({
    schema,
    document: prepared.document,
    operationName: prepared.operation.name?.value ?? null,
    variableValues: request.variables ?? {},
    contextValue: { world, state: world.state, viewer, cost } satisfies Context,
    fieldResolver: resolveField,
  });
  return answerOf(result);
}

/** Counts a query's cost, unless it is over a limit. */
function overLimits(world: World, viewer: Viewer, cost: Cost): AnswerError | undefined {
  if (cost.nodes > mostNodes) {
    const [asked, most] = [cost.nodes.toLocaleString("en-US"), mostNodes.toLocaleString("en-US")];
    const message = `This query requests up to ${asked} possible nodes which exceeds the maximum limit of ${most}.`;
    return { type: "MAX_NODE_LIMIT_EXCEEDED", message };
  }
  const spending = spendingOf(world, viewer);
  if (spending.used + cost.points > pointsPerHour)
    return { type: "RATE_LIMITED", message: `API rate limit exceeded for ${nameOf(viewer)}.` };
  spending.used += cost.points;
  return undefined;
}

function answerOf({ data, errors }: ExecutionResult): GraphqlAnswer {
  return { ...(data !== undefined && { data }), ...(errors && { errors: errors.map(answerError) }) };
}
