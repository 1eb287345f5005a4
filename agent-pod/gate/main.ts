import { pino } from "pino";
import { collectDefaultMetrics } from "prom-client";

import { startHealth } from "../health.ts";
import { startGate } from "./gate.ts";
import { readSettings } from "./settings.ts";

try {
  const settings = readSettings(process.env);
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const gate = await startGate(settings, (decision) => log.info(decision));
  const { host, metricsPort: port } = settings;
  const { registry, waits } = gate;
  if (port !== null) collectDefaultMetrics({ register: registry });
  const health = port === null ? null : await startHealth({ host, port, waits, registry });
  process.stdout.write(`${JSON.stringify({ gate: gate.url, ...(health && { health: health.url }) })}\n`);
  const end = (): void => void gate.close().then(() => process.exit(0));
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
