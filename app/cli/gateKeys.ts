import { chmod, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { gateKeys } from "../../jobs/run/gateKeys.ts";
import { WrongEnvironment } from "../config/environment.ts";
import { readPrivateKeys } from "../config/privateKey.ts";

const HELP = `node app/cli/gateKeys.ts DIR

Writes DIR/pass-keys and DIR/lease-keys: the gate's keys (GATE_KEYS_DIR), derived from the app's own, which the gate never sees.
Reads PRIVATE_KEY or PRIVATE_KEY_PATH, and PREVIOUS_PRIVATE_KEY or PREVIOUS_PRIVATE_KEY_PATH while the key is rotated.`;

/** The gate's group reads them, and nobody writes them. */
const MODE = 0o440;

async function main(): Promise<void> {
  const [dir, ...more] = process.argv.slice(2);
  if (!dir || dir.startsWith("-") || more.length > 0) {
    console.error(HELP);
    process.exitCode = dir === "--help" ? 0 : 2;
    return;
  }
  const { keys, problems } = readPrivateKeys(process.env);
  if (!keys) throw new WrongEnvironment(problems);
  const { pass, lease } = gateKeys(keys);
  await write(join(dir, "pass-keys"), pass);
  await write(join(dir, "lease-keys"), lease);
}

/** Whole or not at all, over an older one too. */
async function write(file: string, keys: string): Promise<void> {
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, `${keys}\n`, { mode: MODE, flag: "wx" });
  // The umask may have taken something away.
  await chmod(unfinished, MODE);
  await rename(unfinished, file);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
