/**
 * Follows a run as the app does, in a process that a test can kill: `node keeper.ts <options file> <spec file>`, both JSON.
 * Prints each line's number as it comes.
 */
import { readFileSync } from "node:fs";

import type { RunSpec } from "../../cluster.ts";
import type { ProcessClusterOptions } from "../../process.ts";
import { processCluster } from "../../process.ts";

const [optionsFile = "", specFile = ""] = process.argv.slice(2);
const options = JSON.parse(readFileSync(optionsFile, "utf8")) as ProcessClusterOptions;
const spec = JSON.parse(readFileSync(specFile, "utf8")) as RunSpec;
const cluster = processCluster(options);
await cluster.ensure(spec);
for await (const line of cluster.follow(spec.name, 0, new AbortController().signal)) {
  process.stdout.write(`${line.n}\n`);
}
