/** The phases of an issue (design §3), in the words that people see. */
export const PHASES = [
  "planning",
  "asking",
  "awaiting approval",
  "working",
  "in review",
  "blocked",
  "stopped",
  "done",
] as const;
export type PhaseName = (typeof PHASES)[number];

/** The one label that shows a phase. */
export const phaseLabel = (phase: PhaseName): string => `agent: ${phase}`;

/** The phase that a label shows, or null for any other label. */
export function phaseOfLabel(label: string): PhaseName | null {
  return PHASES.find((phase) => phaseLabel(phase) === label) ?? null;
}
