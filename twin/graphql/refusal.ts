import { GraphQLError } from "graphql";
import { GitHubError } from "../errors.ts";
import type { FieldError } from "../errors.ts";

/** GitHub's names for what is wrong with a field, in an error's `type`. */
export type RefusalType =
  | "ARGUMENT_LIMIT"
  | "EXCESSIVE_PAGINATION"
  | "FORBIDDEN"
  | "INVALID_CURSOR_ARGUMENTS"
  | "INVALID_PAGINATION_BOUNDARIES"
  | "MAX_NODE_LIMIT_EXCEEDED"
  | "MISSING_PAGINATION_BOUNDARIES"
  | "NOT_FOUND"
  | "NOT_IN_TWIN"
  | "RATE_LIMITED"
  | "UNPROCESSABLE";

/** One entry of an answer's `errors`, as GitHub writes it. */
export interface AnswerError {
  type?: RefusalType;
  path?: readonly (string | number)[];
  extensions?: Record<string, unknown>;
  locations?: readonly { line: number; column: number }[];
  message: string;
}

/** What a resolver throws to answer a field with null and a typed error. */
export function refusal(type: RefusalType, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/** The error of a field that GitHub has and the twin hasn't. */
export function notInTwin(typeName: string, fieldName: string): GraphQLError {
  return refusal("NOT_IN_TWIN", `${typeName}.${fieldName} isn't in the twin`);
}

/** GitHub's words for a node id that leads nowhere. */
export function noSuchNode(id: string): GraphQLError {
  return refusal("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'.`);
}

/**
 * Words an error as GitHub does.
 *
 * @throws the original error where it is a fault of the twin: that must not look like an answer of GitHub's.
 */
export function answerError(error: GraphQLError): AnswerError {
  const cause = error.originalError;
  if (cause instanceof GitHubError) return located(error, typeOf(cause), sentenceOf(cause));
  // Errors of graphql-js (a null in a non-null field, an enum value that doesn't exist) have their cause in the twin.
  if (cause && !(cause instanceof GraphQLError)) throw cause;
  const { type, ...extensions } = error.extensions;
  return located(error, type as RefusalType | undefined, error.message, extensions);
}

function located(
  error: GraphQLError,
  type: RefusalType | undefined,
  message: string,
  extensions: Record<string, unknown> = {},
): AnswerError {
  const more = type === "FORBIDDEN" ? { saml_failure: false, ...extensions } : extensions;
  return {
    ...(type && { type }),
    ...(error.path && { path: error.path }),
    ...(Object.keys(more).length > 0 && { extensions: more }),
    ...(error.locations && { locations: error.locations }),
    message,
  };
}

function typeOf(error: GitHubError): RefusalType {
  switch (error.status) {
    case 404:
      return "NOT_FOUND";
    case 401:
    case 403:
      return "FORBIDDEN";
    default:
      return "UNPROCESSABLE";
  }
}

/** REST lists the fields at fault beside its message; GraphQL has the message alone. */
function sentenceOf(error: GitHubError): string {
  if (!error.errors || error.errors.length === 0) return error.message;
  return error.errors.map((fault) => (typeof fault === "string" ? fault : faultSentence(fault))).join(", ");
}

const faults: Record<FieldError["code"], string> = {
  already_exists: "has already been taken",
  custom: "is invalid",
  invalid: "is invalid",
  missing: "doesn't exist",
  missing_field: "can't be blank",
};

function faultSentence({ message, field, resource, code }: FieldError): string {
  const name = field ?? resource;
  return message ?? `${name[0]!.toUpperCase()}${name.slice(1)} ${faults[code]}`;
}
