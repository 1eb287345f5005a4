import { pino } from "pino";

import { startGate } from "./gate.ts";
import { readSettings } from "./settings.ts";

try {
  const settings = readSettings(process.env);
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const gate = await startGate(settings, (decision) => log.info(decision));
  process.stdout.write(`${JSON.stringify({ gate: gate.url })}\n`);
  const end = (): void => void gate.close().then(() => process.exit(0));
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
