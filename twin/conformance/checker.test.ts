import { expect, test } from "vitest";
import { checker } from "./checker.ts";
import type { Components, Schema } from "./strict.ts";

const components: Components = {
  user: {
    type: "object",
    properties: { login: { type: "string" }, site: { type: "string", format: "uri", nullable: true } },
    required: ["login"],
  },
  team: { type: "object", properties: { slug: { type: "string" } } },
};
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const check = checker(components);

test.each([
  ["what is described", ref("user"), { login: "ada", site: null }, []],
  ["a key too few", ref("user"), {}, ["/ must have required property 'login' (login)"]],
  ["a key too many", ref("user"), { login: "ada", x: 1 }, ["/ must NOT have additional properties (x)"]],
  ["a wrong type", ref("user"), { login: 1 }, ["/login must be string (string)"]],
  ["a wrong format", ref("user"), { login: "a", site: "b c" }, ['/site must match format "uri" (uri)']],
  [
    "a key too many, deep inside",
    { type: "array", items: ref("user") },
    [{ login: "ada" }, { login: "mona", x: 1 }],
    ["/* must NOT have additional properties (x)"],
  ],
  ["one of several", { oneOf: [ref("user"), ref("team")] }, { slug: "crew" }, []],
  ["all of several", { allOf: [ref("user"), ref("team")] }, { login: "ada", slug: "crew" }, []],
  [
    "a key in none of all",
    { allOf: [ref("user"), ref("team")] },
    { login: "ada", x: 1 },
    ["/ must NOT have additional properties (x)"],
  ],
  ["null where an enum may be", { type: "string", nullable: true, enum: ["a"] }, null, []],
  ["an object of which nothing is said", { type: "object" }, { x: 1 }, []],
  [
    "other keys of one type",
    { properties: { a: { type: "string" } }, additionalProperties: { type: "string" } },
    { a: "b", x: 1 },
    ["/x must be string (string)"],
  ],
] satisfies [string, Schema, unknown, string[]][])("%s", (_, schema, value, wrong) => {
  expect(check(schema, value)).toEqual(wrong);
});
