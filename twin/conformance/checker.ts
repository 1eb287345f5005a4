import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import type { ErrorObject, ValidateFunction } from "ajv";
import { strict } from "./strict.ts";
import type { Components, Schema } from "./strict.ts";

/** What is wrong with a value, one line each, with * for any place in a list; nothing: it is as GitHub describes it. */
export type Check = (schema: Schema, value: unknown) => string[];

/** Checks values against GitHub's description: required keys, types, enums, formats, and no key that isn't in it. */
export function checker(components: Components): Check {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    logger: false,
    // Compiling takes more time here than checking.
    validateSchema: false,
    code: { optimize: false },
  });
  addFormats.default(ajv);
  // Bots' addresses have brackets, which GitHub doesn't mind: 41898282+github-actions[bot]@users.noreply.github.com.
  ajv.addFormat("email", /^\S+@\S+$/);
  const schemas = Object.entries(components).map(([name, schema]) => [name, strict(schema, components)]);
  ajv.addSchema({ $id: "github", components: { schemas: Object.fromEntries(schemas) } });
  const compiled = new Map<Schema, ValidateFunction>();
  return (schema, value) => {
    const validate = compiled.get(schema) ?? ajv.compile(placed(strict(schema, components)));
    compiled.set(schema, validate);
    return validate(value) ? [] : [...new Set(validate.errors!.map(told))];
  };
}

/** A schema whose references lead into the components. */
function placed(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"github#/')) as Schema;
}

function told({ instancePath, message, params }: ErrorObject): string {
  const about = Object.values(params as Record<string, unknown>)
    .flat()
    .join(" ");
  const where = instancePath.replaceAll(/\/\d+(?=\/|$)/g, "/*") || "/";
  return `${where} ${message} (${about})`;
}
