import { readFile, readdir, writeFile } from "node:fs/promises";

import { codegen } from "@graphql-codegen/core";
import * as operations from "@graphql-codegen/typescript-operations";
import { schema } from "@octokit/graphql-schema";
import { Kind, buildASTSchema, parse, print, visit } from "graphql";
import type { DocumentNode, FragmentDefinitionNode, OperationDefinitionNode } from "graphql";

const GENERATED = new URL("queries.gen.ts", import.meta.url);

/** The text of `queries.gen.ts`: each document as a string with its fragments, and the types of its variables and its result. */
async function generated(): Promise<string> {
  const documents = await readDocuments();
  // Not validated: the published schema defines two fields twice, which `graphql` refuses.
  const schemaAst = buildASTSchema(parse(schema.idl), { assumeValidSDL: true });
  const types = await codegen({
    filename: GENERATED.pathname,
    schema: parse(schema.idl),
    schemaAst,
    documents,
    config: {
      // GitHub's own scalars (DateTime, URI, BigInt, …) are all strings in JSON.
      defaultScalarType: "string",
      skipTypename: true,
      arrayInputCoercion: false,
      inlineFragmentTypes: "combine",
      disableDescriptions: true,
    },
    plugins: [{ operations: {} }],
    pluginMap: { operations },
  });
  return [
    "// Made by generate.ts (`npm run generate`) from the .graphql files beside it: don't edit.",
    types.trim(),
    ...printed(documents.map((each) => each.document)),
    "",
  ].join("\n\n");
}

async function readDocuments(): Promise<{ location: string; document: DocumentNode }[]> {
  const folder = new URL(".", import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".graphql")).sort();
  return Promise.all(
    names.map(async (name) => ({
      location: name,
      document: parse(await readFile(new URL(name, folder), "utf8"), { noLocation: true }),
    })),
  );
}

/** Each operation as `export const <Name>Document = "…"`. */
function printed(documents: DocumentNode[]): string[] {
  const definitions = documents.flatMap((document) => document.definitions);
  const fragments = new Map(
    definitions
      .filter((each) => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((each) => [each.name.value, each]),
  );
  return definitions
    .filter((each) => each.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => {
      const text = [operation, ...fragmentsOf(operation, fragments)].map((node) => print(node)).join("\n");
      return `export const ${operation.name?.value}Document = /* GraphQL */ \`\n${text}\n\`;`;
    });
}

/** The fragments that `operation` needs, also through others, each once. */
function fragmentsOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FragmentDefinitionNode[] {
  const found = new Set<FragmentDefinitionNode>();
  const collect = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment) throw new Error(`There is no fragment ${name.value}.`);
        if (found.has(fragment)) return;
        found.add(fragment);
        collect(fragment);
      },
    });
  };
  collect(operation);
  return [...found];
}

// `npm run generate` writes the file; with `--print` it is only shown, so that a test can tell when it is stale.
if (process.argv.includes("--print")) process.stdout.write(await generated());
else await writeFile(GENERATED, await generated());
