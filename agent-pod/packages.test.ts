import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { packages } from "./packages.ts";

const PROGRAMS = ["opencode-linux-arm64", "opencode-linux-x64"];

test("the agent's image holds the packages that the runner imports, and the agents' programs", () => {
  const files = globSync("{contract,presets,runner}/**/*.ts", { cwd: import.meta.dirname }).filter(
    (file) => !/\.test\.ts$|\/testing\//.test(file),
  );
  const imported = files.flatMap((file) =>
    [
      ...readFileSync(join(import.meta.dirname, file), "utf8").matchAll(
        / from "((?:@[^/"]+\/)?[^./"][^/":]*)/g,
      ),
    ]
      .map(([, name = ""]) => name)
      .filter((name) => name !== "node"),
  );
  expect(files.length).toBeGreaterThan(20);
  expect([...packages]).toEqual([...new Set([...imported, ...PROGRAMS])].sort());
});

test("it takes all other dependencies out of package.json, and leaves the versions", () => {
  const folder = mkdtempSync(join(tmpdir(), "coxswain-packages-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const file of ["package.json", "agent-pod/packages.ts"])
    cpSync(join(import.meta.dirname, "..", file), join(folder, file.replace("agent-pod/", "")));
  const before = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
  execFileSync(process.execPath, ["packages.ts"], { cwd: folder });
  const after = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, object>;
  expect(after["devDependencies"]).toBeUndefined();
  expect(
    [after["dependencies"], after["optionalDependencies"]].flatMap((all) => Object.keys(all ?? {})).sort(),
  ).toEqual([...packages]);
  expect(before["dependencies"]).toMatchObject(after["dependencies"] ?? {});
  expect(after["overrides"]).toEqual(before["overrides"]);
});
