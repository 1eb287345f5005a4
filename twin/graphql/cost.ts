import { getArgumentValues, getNamedType, isInterfaceType, isObjectType, Kind } from "graphql";
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from "graphql";

/** What a query may ask for at most, and what it costs. */
export interface Cost {
  /** How many nodes it could answer with. */
  nodes: number;
  /** Points of the hourly limit. */
  points: number;
}

interface Walk {
  schema: GraphQLSchema;
  fragments: Map<string, FragmentDefinitionNode>;
  variables: Record<string, unknown>;
  nodes: number;
  requests: number;
}

/**
 * Counts by GitHub's rules: a connection's size times those of the connections that it is in; one point for every hundred
 * requests that GitHub would need, at least one.
 * https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Cost {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const walk: Walk = { schema, fragments, variables, nodes: 0, requests: 0 };
  countSelections(walk, operation.selectionSet, schema.getRootType(operation.operation)!, 1);
  return { nodes: walk.nodes, points: Math.max(1, Math.round(walk.requests / 100)) };
}

function countSelections(walk: Walk, set: SelectionSetNode, on: GraphQLNamedType, times: number): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      countField(walk, selection, on, times);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments.get(selection.name.value)!;
    const condition = fragment.typeCondition?.name.value;
    countSelections(walk, fragment.selectionSet, condition ? walk.schema.getType(condition)! : on, times);
  }
}

function countField(walk: Walk, node: FieldNode, on: GraphQLNamedType, times: number): void {
  const field = isObjectType(on) || isInterfaceType(on) ? on.getFields()[node.name.value] : undefined;
  if (!field || !node.selectionSet) return;
  const type = getNamedType(field.type);
  const args = getArgumentValues(field, node, walk.variables);
  const size = type.name.endsWith("Connection") ? pageSize(args) : nodeIds(field.name, args);
  if (size !== undefined) {
    walk.requests += times;
    walk.nodes += times * size;
  }
  countSelections(walk, node.selectionSet, type, times * (size ?? 1));
}

/** Undefined when nothing is listed. More than a page can have is refused when the field is resolved. */
function pageSize(args: Record<string, unknown>): number | undefined {
  const size = args["first"] ?? args["last"];
  return typeof size === "number" ? Math.min(Math.max(size, 0), 100) : undefined;
}

function nodeIds(fieldName: string, args: Record<string, unknown>): number | undefined {
  const ids = args["ids"];
  return fieldName === "nodes" && Array.isArray(ids) ? ids.length : undefined;
}
