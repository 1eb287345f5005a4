import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { parseDocument } from "yaml";

const HELP = `node charts/pin.ts --version V --app NAME@sha256:… --agent NAME@sha256:… [FOLDER]

Writes a release's version and its images, by digest, into the chart in FOLDER (charts/coxswain).`;

/** An image as it is pulled: its name in a registry, and which one it is. */
interface Image {
  repository: string;
  digest: string;
}

/** Throws unless `text` is `<name>@sha256:<64 digits>`. */
function imageIn(text: string): Image {
  const [, repository, digest] = /^([a-z0-9][a-z0-9./_-]*[a-z0-9])@(sha256:[0-9a-f]{64})$/.exec(text) ?? [];
  if (!repository || !digest) throw new Error(`"${text}" isn't an image with its digest.`);
  return { repository, digest };
}

function change(file: string, changes: [path: string[], value: string][]): void {
  const document = parseDocument(readFileSync(file, "utf8"));
  for (const [path, value] of changes) {
    // A key that the chart doesn't have is one that it no longer reads.
    if (!document.hasIn(path)) throw new Error(`${file} has no ${path.join(".")}.`);
    document.setIn(path, value);
  }
  writeFileSync(file, document.toString({ lineWidth: 0 }));
}

function main(): void {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    options: { version: text, app: text, agent: text },
    allowPositionals: true,
  });
  const { version, app, agent } = values;
  if (!version || !app || !agent) throw new Error(HELP);
  if (!/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.test(version)) throw new Error(`"${version}" isn't a version.`);
  const [folder = fileURLToPath(new URL("coxswain", import.meta.url))] = positionals;
  const images: [string[], Image][] = [
    [["image"], imageIn(app)],
    [["agents", "image"], imageIn(agent)],
  ];
  change(join(folder, "Chart.yaml"), [
    [["version"], version],
    [["appVersion"], version],
  ]);
  change(
    join(folder, "values.yaml"),
    images.flatMap(([path, { repository, digest }]) => [
      [[...path, "repository"], repository],
      [[...path, "digest"], digest],
    ]),
  );
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
