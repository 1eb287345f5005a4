import { schema as github } from "@octokit/graphql-schema";
import { buildASTSchema, getOperationAST, parse, print, validate } from "graphql";
import { describe, expect, test } from "vitest";

import { costOf } from "../../../twin/graphql/cost.ts";
import * as queries from "./queries.gen.ts";
import { PULLS_A_CALL } from "./readIssue.ts";

const schema = buildASTSchema(parse(github.idl), { assumeValidSDL: true });
const documents = Object.entries(queries).filter(([name]) => name.endsWith("Document"));

/** By GitHub's rules, with so many in each list of its variables. */
function cost(text: string, listed: number) {
  const document = parse(text);
  const operation = getOperationAST(document)!;
  const variables = operation.variableDefinitions?.map(({ variable, type }) => {
    const written = print(type);
    const one = written.startsWith("Int") ? 1 : "x";
    return [variable.name.value, written.startsWith("[") ? Array<unknown>(listed).fill(one) : one];
  });
  return costOf(schema, document, operation, Object.fromEntries(variables ?? []));
}

describe("the queries", () => {
  test.each(documents)("%s fits GitHub's schema", (_, text) => {
    expect(validate(schema, parse(text))).toEqual([]);
  });

  test.each(documents)("%s stays within the nodes that one call may ask for", (_, text) => {
    expect(cost(text, PULLS_A_CALL).nodes).toBeLessThan(500_000);
  });

  test("the one call is cheap: 5,000 points an hour are given", () => {
    const points = [0, 1, 5].map((pulls) => cost(queries.LookIssueDocument, pulls).points);
    expect(points).toEqual([1, 2, 4]);
  });
});
