// Every change under src/ needs a line under "Unreleased" in CHANGELOG.md.
import { readFileSync } from "node:fs";

const [, unreleased = ""] = /## Unreleased\n([^]*?)(?=\n## |$)/.exec(readFileSync("CHANGELOG.md", "utf8")) ?? [];
if (!/^- \S/m.test(unreleased)) {
  console.error('CHANGELOG.md:3: no entry under "Unreleased". Say in one line what changes for a user of the library.');
  process.exit(1);
}
