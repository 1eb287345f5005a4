/** A JSON schema as GitHub's descriptions write it: of OpenAPI 3.0 (`nullable`) or 3.1. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  nullable?: boolean;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  format?: string;
  pattern?: string;
}

/** The schemas that `$ref` names: `#/components/schemas/…`. */
export type Components = Readonly<Record<string, Schema>>;

/**
 * A schema that a JSON schema validator understands, and that allows no key but those it names: GitHub's descriptions
 * say what there is, but don't forbid the rest. An object of which nothing is named stays open.
 */
export function strict(schema: Schema, components: Components): Schema {
  const { oneOf, allOf, ...whole } = schema;
  if (allOf) return strict(merged(whole, allOf, components), components);
  const { nullable, ...rest } = whole;
  // Where GitHub says "one of", several often fit: a user is told from an enterprise by no key that must be there.
  const anyOf = rest.anyOf ?? oneOf;
  const closed = rest.properties && { additionalProperties: rest.additionalProperties ?? false };
  const inside = mapped({ ...rest, ...(anyOf && { anyOf }), ...closed }, (one) => strict(one, components));
  return nullable ? orNull(inside) : inside;
}

/** A schema with every schema right inside it changed. */
export function mapped(schema: Schema, change: (one: Schema) => Schema): Schema {
  const { properties, additionalProperties: others, items, allOf, anyOf, oneOf } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, change(one)])),
    }),
    ...(typeof others === "object" && { additionalProperties: change(others) }),
    ...(items && { items: change(items) }),
    ...(allOf && { allOf: allOf.map(change) }),
    ...(anyOf && { anyOf: anyOf.map(change) }),
    ...(oneOf && { oneOf: oneOf.map(change) }),
  };
}

/** `allOf` as one schema: closing each part would forbid the keys of the others. */
function merged(rest: Schema, parts: readonly Schema[], components: Components): Schema {
  return parts.map((part) => resolved(part, components)).reduce(both, rest);
}

function resolved(schema: Schema, components: Components): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.slice("#/components/schemas/".length);
  return resolved(components[name]!, components);
}

function both(one: Schema, other: Schema): Schema {
  const names = new Set([...Object.keys(one.properties ?? {}), ...Object.keys(other.properties ?? {})]);
  const property = (name: string) => {
    const [first, second] = [one.properties?.[name], other.properties?.[name]];
    return first && second ? both(first, second) : (first ?? second)!;
  };
  const items = one.items && other.items ? both(one.items, other.items) : (one.items ?? other.items);
  return {
    ...one,
    ...other,
    ...(one.type &&
      other.type && { type: listed(one.type).filter((type) => listed(other.type).includes(type)) }),
    ...(one.enum && other.enum && { enum: one.enum.filter((value) => other.enum!.includes(value)) }),
    ...(items && { items }),
    ...(names.size > 0 && {
      properties: Object.fromEntries([...names].map((name) => [name, property(name)])),
    }),
    ...((one.required ?? other.required) && {
      required: [...(one.required ?? []), ...(other.required ?? [])],
    }),
  };
}

function orNull(schema: Schema): Schema {
  const { type, enum: values } = schema;
  if (type === undefined) return { anyOf: [schema, { type: "null" }] };
  return {
    ...schema,
    type: [...listed(type), "null"],
    ...(values && { enum: [...values, null] }),
  };
}

function listed(type: Schema["type"] = []): string[] {
  return Array.isArray(type) ? type : [type];
}
