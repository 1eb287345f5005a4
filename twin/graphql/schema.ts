import { readFileSync } from "node:fs";
import { buildSchema } from "graphql";
import type { GraphQLSchema } from "graphql";

let built: GraphQLSchema | undefined;

/** GitHub's public schema, built at the first call (about 150 ms). */
export function githubSchema(): GraphQLSchema {
  // The package's own entry also parses a second copy of the schema in JSON and builds it: the file alone is wanted.
  built ??= buildSchema(
    readFileSync(new URL("schema.graphql", import.meta.resolve("@octokit/graphql-schema")), "utf8"),
    { assumeValid: true, noLocation: true },
  );
  return built;
}
