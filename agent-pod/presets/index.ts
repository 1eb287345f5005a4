import { opencode } from "./opencode.ts";
import type { Preset } from "./preset.ts";

/** Every agent that a run can be given, by the name that the settings use. */
export const presets: ReadonlyMap<string, Preset> = new Map(
  [opencode].map((preset) => [preset.name, preset]),
);
