import {
  FieldsOnCorrectTypeRule,
  getVariableValues,
  GraphQLError,
  Kind,
  parse,
  print,
  specifiedRules,
  validate,
} from "graphql";
import type {
  ASTVisitor,
  DocumentNode,
  GraphQLSchema,
  OperationDefinitionNode,
  ValidationContext,
} from "graphql";

/** What a client sends to `/graphql`. */
export interface GraphqlRequest {
  query?: unknown;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

/** A request that fits the schema. */
export interface Prepared {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Record<string, unknown>;
}

/** Reads a request; or tells, in GitHub's words where they are known, why it can't be executed at all. */
export function prepare(schema: GraphQLSchema, request: GraphqlRequest): Prepared | readonly GraphQLError[] {
  if (typeof request.query !== "string")
    return [new GraphQLError("A query attribute must be specified and must be a string.")];
  const document = checked(schema, request.query);
  if (!("kind" in document)) return document;
  const operation = chosenOperation(document, request.operationName);
  if (operation instanceof GraphQLError) return [operation];
  const variables = coercedVariables(schema, operation, request.variables ?? {});
  return Array.isArray(variables) ? variables : { document, operation, variables };
}

/** Documents that fit the schema, by their text: an app asks the same few again and again, and checking one takes tens of milliseconds. */
const known = new WeakMap<GraphQLSchema, Map<string, DocumentNode>>();
const MOST_KNOWN = 200;

function checked(schema: GraphQLSchema, query: string): DocumentNode | readonly GraphQLError[] {
  const documents = known.get(schema) ?? new Map<string, DocumentNode>();
  known.set(schema, documents);
  const before = documents.get(query);
  if (before) return before;
  const document = parsed(query);
  if (document instanceof GraphQLError) return [document];
  const faults = validate(schema, document, rules);
  if (faults.length > 0) return faults;
  if (documents.size >= MOST_KNOWN) documents.clear();
  documents.set(query, document);
  return document;
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

const rules = [...specifiedRules.filter((rule) => rule !== FieldsOnCorrectTypeRule), unknownFields];

function unknownFields(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      const type = context.getParentType();
      if (!type || context.getFieldDef()) return;
      const extensions = { code: "undefinedField", typeName: type.name, fieldName: node.name.value };
      const message = `Field '${node.name.value}' doesn't exist on type '${type.name}'`;
      context.reportError(new GraphQLError(message, { nodes: node, extensions }));
    },
  };
}

function chosenOperation(
  document: DocumentNode,
  name: string | null | undefined,
): OperationDefinitionNode | GraphQLError {
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const [only, ...others] = operations;
  if (!name && only && others.length === 0) return only;
  if (!name) return new GraphQLError("An operation name is required");
  return (
    operations.find((operation) => operation.name?.value === name) ??
    new GraphQLError(`No operation named "${name}"`)
  );
}

function coercedVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Record<string, unknown>,
): Record<string, unknown> | GraphQLError[] {
  const result = getVariableValues(schema, operation.variableDefinitions ?? [], given);
  if (result.coerced) return result.coerced;
  return result.errors.map((error) => {
    const definition = error.nodes?.find((node) => node.kind === Kind.VARIABLE_DEFINITION);
    if (!definition) return error;
    const name = definition.variable.name.value;
    return new GraphQLError(
      `Variable $${name} of type ${print(definition.type)} was provided invalid value`,
      {
        nodes: definition,
        extensions: { value: given[name] ?? null, problems: [{ path: [], explanation: error.message }] },
      },
    );
  });
}
