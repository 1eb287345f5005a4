import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** A folder with all commands that there are. */
let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "cx-bin-"));
  symlinkSync("/usr/bin/dirname", join(bin, "dirname"));
});
afterEach(() => rmSync(bin, { recursive: true, force: true }));

/** Puts a command there that runs `script`. */
function command(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/bash\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** How a command ended that sees nothing of this process's environment but what is told. */
function run(
  file: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 255), said: stdout + stderr });
    });
  });
}

test("the cluster's tests without a cluster say what they need, and run nothing", async () => {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--config", "vitest.cluster.config.ts", "images.cluster"];
  const { code, said } = await run(process.execPath, args, { PATH: bin });
  expect(code).not.toBe(0);
  expect(said).toContain("npm run test:cluster needs a Kubernetes cluster: set KUBECONFIG");
  expect(said).not.toMatch(/passed|failed \|/);
});

test.each([["kind"], ["docker"]])(
  "images are made for kind with kind and docker, not with %s alone",
  async (tool) => {
    command("kubectl", "echo kind-mine");
    command(tool, `echo "$0 was run" >&2; exit 9`);
    const { code, said } = await run("/bin/bash", ["test/cluster/images"], { PATH: bin, TMPDIR: bin });
    expect([code, said]).toEqual([0, expect.stringContaining("There is neither kind with docker nor")]);
  },
);
