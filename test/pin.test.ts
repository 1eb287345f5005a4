import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { beforeEach, afterEach, expect, test } from "vitest";
import { parse } from "yaml";

const CHARTS = fileURLToPath(new URL("../charts", import.meta.url));
const APP = `ghcr.io/someone/coxswain-app@sha256:${"a".repeat(64)}`;
const AGENT = `ghcr.io/someone/coxswain-agent@sha256:${"b".repeat(64)}`;

let chart: string;
beforeEach(() => {
  chart = mkdtempSync(join(tmpdir(), "pin-"));
  cpSync(join(CHARTS, "coxswain"), chart, { recursive: true });
});
afterEach(() => rmSync(chart, { recursive: true }));

const read = (file: string): string => readFileSync(join(chart, file), "utf8");

function pin({ version = "1.2.3", app = APP, agent = AGENT }): { status: number | null; stderr: string } {
  const args = ["--version", version, "--app", app, "--agent", agent, chart];
  return spawnSync(process.execPath, [join(CHARTS, "pin.ts"), ...args], { encoding: "utf8" });
}

test("a release's chart has its version and its images by digest, and is the same else", () => {
  const before = parse(read("values.yaml")) as Record<string, object>;
  const comments = (text: string): string[] => text.match(/^ *#.*$/gm) ?? [];
  const said = comments(read("values.yaml"));
  expect(pin({})).toMatchObject({ status: 0, stderr: "" });
  expect(parse(read("Chart.yaml"))).toMatchObject({ version: "1.2.3", appVersion: "1.2.3" });
  const image = { repository: "ghcr.io/someone/coxswain-app", digest: `sha256:${"a".repeat(64)}` };
  const agent = { repository: "ghcr.io/someone/coxswain-agent", digest: `sha256:${"b".repeat(64)}` };
  const { image: was, agents } = before as Record<string, Record<string, object>>;
  expect(parse(read("values.yaml"))).toEqual({
    ...before,
    image: { ...was, ...image },
    agents: { ...agents, image: { ...agents?.["image"], ...agent } },
  });
  expect(comments(read("values.yaml"))).toEqual(said);
});

test("what isn't a version, a digest or a key of the chart is refused", () => {
  const values = read("values.yaml");
  expect(pin({ version: "v1.2.3" }).stderr).toBe('"v1.2.3" isn\'t a version.\n');
  for (const app of ["ghcr.io/someone/app:1.2.3", `ghcr.io/someone/app@sha256:${"a".repeat(63)}`, `@${APP}`])
    expect(pin({ app })).toMatchObject({ status: 1, stderr: `"${app}" isn't an image with its digest.\n` });
  expect(read("values.yaml")).toBe(values);
  writeFileSync(join(chart, "values.yaml"), values.replace(/^image:$/m, "picture:"));
  expect(pin({}).stderr).toMatch(/values\.yaml has no image\.repository\.\n$/);
});
