import { Counter, Gauge, Histogram, Registry } from "prom-client";

import type { Decision } from "./decision.ts";
import type { Usage } from "./llm/budget.ts";

/** What the gate counts, for Prometheus. */
export interface GateMetrics {
  registry: Registry;
  decided(decision: Decision): void;
  /** The model's answer began `seconds` after it was asked. */
  answered(seconds: number): void;
  spent(usage: Usage): void;
}

/** What goes on in the gate now. */
export interface UnderWay {
  requests: number;
  tunnels: number;
}

/** From a local model's to one that thinks before it speaks. */
const FIRST_BYTE_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export function gateMetrics(underWay: () => UnderWay): GateMetrics {
  const registry = new Registry();
  const registers = [registry];
  const decisions = new Counter({
    name: "coxswain_gate_decisions_total",
    help: "Requests and tunnels, by what was asked for and the verdict.",
    labelNames: ["verb", "verdict"],
    registers,
  });
  const bytes = new Counter({
    name: "coxswain_gate_bytes_total",
    help: "Bytes of bodies and tunnels, whichever way what was asked for goes.",
    labelNames: ["verb"],
    registers,
  });
  const firstByte = new Histogram({
    name: "coxswain_gate_model_first_byte_seconds",
    help: "From asking the model to the first byte of its answer.",
    buckets: FIRST_BYTE_SECONDS,
    registers,
  });
  const tokens = new Counter({
    name: "coxswain_gate_tokens_total",
    help: "Tokens that the model's answers cost, as they were booked.",
    labelNames: ["direction"],
    registers,
  });
  const open = new Gauge({
    name: "coxswain_gate_open",
    help: "Requests and tunnels that are open now.",
    labelNames: ["kind"],
    registers: [],
    collect() {
      const { requests, tunnels } = underWay();
      this.set({ kind: "request" }, requests);
      this.set({ kind: "tunnel" }, tunnels);
    },
  });
  registry.registerMetric(open);
  return {
    registry,
    decided: (decision) => {
      const verb = decision.verb || "none";
      decisions.inc({ verb, verdict: decision.verdict });
      bytes.inc({ verb }, decision.bytes);
    },
    answered: (seconds) => firstByte.observe(seconds),
    spent: ({ input, output }) => {
      tokens.inc({ direction: "input" }, input);
      tokens.inc({ direction: "output" }, output);
    },
  };
}
