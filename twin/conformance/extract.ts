import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { restRoutes } from "../rest/routes.ts";
import { shape } from "./shape.ts";
import { mapped } from "./strict.ts";
import type { Components, Schema } from "./strict.ts";

/**
 * Writes `openapi.gen.json`: of GitHub's OpenAPI description what the twin's routes answer, without prose. The package
 * is 385 MB, hence no dependency: `npm run extract` fetches it into a folder that it removes.
 */
const source = { package: "@octokit/openapi", version: "23.0.2", description: "api.github.com" };

interface Description {
  paths: Record<string, Record<string, { responses: Record<string, Response> }>>;
  components: { schemas: Components; responses: Record<string, Response> };
}
interface Response {
  $ref?: string;
  content?: Record<string, { schema: Schema }>;
}

const { paths, components } = fetchDescription();
const operations = new Map(
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [
      shape(`${method.toUpperCase()} ${path}`),
      operation,
    ]),
  ),
);
const routes = Object.fromEntries(
  restRoutes.map(({ method, pattern }) => [`${method} ${pattern}`, answersOf(`${method} ${pattern}`)]),
);
const extract = { source, routes, components: { schemas: named(Object.values(routes)) } };
writeFileSync(new URL("openapi.gen.json", import.meta.url), lines(extract));

function fetchDescription(): Description {
  const folder = mkdtempSync(join(tmpdir(), "openapi-"));
  try {
    const wanted = `${source.package}@${source.version}`;
    execFileSync("npm", [
      "install",
      "--prefix",
      folder,
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      wanted,
    ]);
    const file = join(folder, "node_modules", source.package, "generated", `${source.description}.json`);
    return JSON.parse(readFileSync(file, "utf8")) as Description;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a route answers, by status; null: without a body. */
function answersOf(route: string): Record<string, Schema | null> {
  const operation = operations.get(shape(route));
  if (!operation) throw new Error(`GitHub describes no ${route}`);
  const answers = Object.entries(operation.responses).filter(([status]) => !status.startsWith("5"));
  return Object.fromEntries(answers.map(([status, response]) => [status, bodyOf(response)]));
}

function bodyOf(response: Response): Schema | null {
  const { content } = response.$ref ? components.responses[response.$ref.split("/").at(-1)!]! : response;
  const json = content?.["application/json"];
  return json ? bare(json.schema) : null;
}

/** A schema without what only people read. */
function bare(schema: Schema): Schema {
  const { $ref, type, nullable, enum: values, required, format, pattern } = schema;
  const { properties, additionalProperties, items, allOf, anyOf, oneOf } = schema;
  const checked = { $ref, type, nullable, enum: values, required, format, pattern };
  const nested = { properties, additionalProperties, items, allOf, anyOf, oneOf };
  const given = Object.entries({ ...checked, ...nested }).filter(([, value]) => value !== undefined);
  return mapped(Object.fromEntries(given), bare);
}

/** The components that are referred to, and those that they refer to. */
function named(from: unknown, found: Record<string, Schema> = {}): Record<string, Schema> {
  for (const [, name] of JSON.stringify(from).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (found[name!]) continue;
    found[name!] = bare(components.schemas[name!]!);
    named(found[name!], found);
  }
  return found;
}

/** JSON with a line for each route and component, so that a change can be read. */
function lines({ source, routes, components }: typeof extract): string {
  const listed = (all: object) =>
    Object.entries(all)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, one]) => `${JSON.stringify(name)}: ${JSON.stringify(one)}`)
      .join(",\n");
  return `{"source": ${JSON.stringify(source)},
"routes": {
${listed(routes)}
},
"components": {"schemas": {
${listed(components.schemas)}
}}}
`;
}
