import type { GraphQLFieldResolver } from "graphql";
import { guardField, guardValue } from "./access.ts";
import { Typed } from "./ask.ts";
import type { Ask, Context } from "./ask.ts";
import { notInTwin } from "./refusal.ts";
import { types } from "./types/index.ts";

/** Resolves every field of the schema: by the twin's own resolver for it, or with an error that names the field. */
export const resolveField: GraphQLFieldResolver<unknown, Context> = (parent, args, context, info) => {
  const ask: Ask = { ...context, info };
  const source = parent instanceof Typed ? parent.source : parent;
  guardField(source, ask);
  const value = valueOf(source, args, ask);
  return value instanceof Promise
    ? value.then((settled: unknown) => guardValue(settled, ask))
    : guardValue(value, ask);
};

function valueOf(source: unknown, args: Record<string, unknown>, ask: Ask): unknown {
  const { parentType, fieldName } = ask.info;
  const fields = types[parentType.name];
  if (fields) {
    const resolve = fields[fieldName];
    if (!resolve) throw notInTwin(parentType.name, fieldName);
    return resolve(source as never, args as never, ask);
  }
  // Connections, edges, payloads and the like are plain objects with the fields that they have.
  if (typeof source !== "object" || source === null || !(fieldName in source))
    throw notInTwin(parentType.name, fieldName);
  return (source as Record<string, unknown>)[fieldName];
}
