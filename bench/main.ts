import { parseArgs } from "node:util";

import { busy } from "./busy.ts";
import { calls } from "./calls.ts";
import { crowd } from "./crowd.ts";
import { delivery } from "./delivery.ts";
import { print } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { gate } from "./gate.ts";
import { prompt } from "./prompt.ts";
import { waves } from "./waves.ts";
import { webhooks } from "./webhooks.ts";

const HELP = `npm run bench -- [--json] [NAME…]

Measures, and prints a table; with --json one object a line: figure, value, unit, goal, against.
Names: webhooks, calls, waves, busy, gate, delivery, prompt, crowd. All of them if none is named.`;

const BENCHES: Record<string, () => Promise<Figure[]>> = {
  webhooks,
  calls,
  waves,
  busy,
  gate,
  delivery,
  prompt,
  crowd,
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  const unknown = positionals.filter((name) => !BENCHES[name]);
  if (values.help || unknown.length > 0) {
    console.log(unknown.length > 0 ? `There is no benchmark "${unknown[0]}".\n\n${HELP}` : HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const figures: Figure[] = [];
  for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHES))
    figures.push(...(await BENCHES[name]!()));
  print(figures, values.json);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
