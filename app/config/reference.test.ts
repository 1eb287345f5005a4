import { readdirSync, readFileSync } from "node:fs";

import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";

import { commands } from "../commands/index.ts";
import { parseCommands } from "../commands/parse.ts";
import { referencePages } from "./reference.ts";
import { parseSettings } from "./repository.ts";
import { Settings } from "./schema.ts";

test.each(Object.entries(referencePages()))(
  "docs/reference/%s is up to date (npm run generate)",
  (name, page) => {
    expect(readFileSync(new URL(`../../docs/reference/${name}`, import.meta.url), "utf8")).toBe(page);
  },
);

test.each([
  ["label: crew\nquiet: 5m\nlimits: {rounds: 3}\nsetup: [npm ci]\ntest: null", true],
  ["lable: crew", false],
  ["quiet: 60", false],
  ["limits: {rounds: 3.5}", false],
  ["limits: {round: 3}", false],
  ["setup: npm ci", false],
  ["agent: clippy", false],
])("an editor with the schema agrees on %j", (text, right) => {
  const validate = new Ajv2020().compile(JSON.parse(referencePages()["coxswain.schema.json"]!) as object);
  expect(validate(parse(text))).toBe(right);
  expect("settings" in parseSettings(text)).toBe(right);
});

test("every command's file is in the list, and its examples are that command", () => {
  const files = readdirSync(new URL("../commands/", import.meta.url))
    .filter((file) => !/test|^(?:command|index|lines|parse)\.ts$/.test(file))
    .map((file) => file.replace(".ts", ""));
  expect(commands.map(({ name }) => name).sort()).toEqual(files);
  for (const { name, examples } of commands) {
    for (const example of examples) expect(parseCommands(example)).toMatchObject([{ kind: name }]);
  }
});

test("the agents that can be set are the presets that there are", () => {
  const presets = readdirSync(new URL("../../agent-pod/presets/", import.meta.url)).map(
    (file) => file.split(".")[0],
  );
  for (const agent of Settings.shape.agent.unwrap().options) expect(presets).toContain(agent);
});
