import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { presets } from "../presets/index.ts";
import type { AgentStart } from "../presets/preset.ts";
import { cleanEnvironment } from "./environment.ts";
import { RunFailure } from "./failure.ts";
import type { Settings } from "./settings.ts";

/** The command and the whole environment of the run's agent, its files written. Throws `RunFailure` if there is no such agent. */
export function prepareAgent(
  settings: Settings,
  tree: string,
): { command: readonly string[]; env: Record<string, string>; hidden: readonly string[] } {
  const { command, env, files, hidden } = startOf(settings, tree);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return { command, env: { ...cleanEnvironment(settings), ...env }, hidden };
}

function startOf(settings: Settings, tree: string): AgentStart {
  const { brief, gate, pass, home, agentCommand } = settings;
  const url = `${gate}/llm/v1`;
  if (agentCommand) {
    const env = { LLM_BASE_URL: url, LLM_API_KEY: pass, LLM_MODEL: brief.agent.model };
    return { command: agentCommand, env, files: {}, hidden: [] };
  }
  const preset = presets.get(brief.agent.preset);
  if (!preset) {
    const known = [...presets.keys()].join(", ");
    throw new RunFailure("agent", `There is no agent \`${brief.agent.preset}\`. There is: ${known}.`);
  }
  try {
    return preset.start({ model: brief.agent.model, llm: { url, key: pass }, home, tree });
  } catch (error) {
    throw new RunFailure("agent", error instanceof Error ? error.message : String(error));
  }
}
