import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The packages that the runner and the presets' agents need: all that the agent's image holds of the app's. */
export const packages: readonly string[] = [
  "@agentclientprotocol/sdk",
  "opencode-linux-arm64",
  "opencode-linux-x64",
  "zod",
];

/** Takes all other dependencies out of the `package.json` beside it: the image is built with what is left. */
function main(): void {
  const file = new URL("package.json", import.meta.url);
  const {
    devDependencies: _,
    dependencies,
    optionalDependencies,
    ...rest
  } = JSON.parse(readFileSync(file, "utf8")) as Record<string, Record<string, string>>;
  const needed = (all: Record<string, string> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => packages.includes(name)));
  const left = {
    ...rest,
    dependencies: needed(dependencies),
    optionalDependencies: needed(optionalDependencies),
  };
  writeFileSync(file, `${JSON.stringify(left, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
