/** What a preset is told: where the agent works, and how it reaches the model. */
export interface PresetOptions {
  model: string;
  /** The model's base URL, up to `/v1`, and the key for it: the run's pass. */
  llm: { url: string; key: string };
  /** The agent's HOME; `XDG_*_HOME` are in it. */
  home: string;
  /** The work tree. */
  tree: string;
}

export interface AgentStart {
  command: readonly string[];
  /** Beside the clean environment that every agent gets. */
  env: Record<string, string>;
  /** Files to write before, by absolute path. */
  files: Record<string, string>;
  /** Paths of the work tree that the program would load by itself: they are out of its sight while it runs. */
  hidden: readonly string[];
}

/** How to start one program that speaks the Agent Client Protocol. One file each, listed in `index.ts`. */
export interface Preset {
  name: string;
  /** Throws when the program isn't installed. */
  start(options: PresetOptions): AgentStart;
}
