import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import type { Preset, PresetOptions } from "./preset.ts";

const require = createRequire(import.meta.url);

/** https://opencode.ai/docs/acp/ with any model behind an OpenAI-compatible address. */
export const opencode: Preset = {
  name: "opencode",
  start: (options) => ({
    command: [binary(), "acp"],
    env: {
      ...switches(),
      OPENCODE_CONFIG_CONTENT: JSON.stringify(config(options)),
      // It serves HTTP on this machine beside ACP; nobody is to use that.
      OPENCODE_SERVER_PASSWORD: randomBytes(24).toString("base64url"),
      LLM_API_KEY: options.llm.key,
    },
    files: pluginFiles(join(options.home, ".config/opencode")),
    // 1.18 loads plugins from here, which is running code, whatever OPENCODE_DISABLE_PROJECT_CONFIG and OPENCODE_PURE say.
    hidden: [".opencode", "opencode.json", "opencode.jsonc"],
  }),
};

function binary(): string {
  const name = `opencode-linux-${process.arch}`;
  try {
    return join(dirname(require.resolve(`${name}/package.json`)), "bin/opencode");
  } catch {
    throw new Error(`The package ${name}, which holds the agent opencode, isn't installed.`);
  }
}

/** https://opencode.ai/docs/config/ */
function config({ model, llm, tree }: PresetOptions): object {
  return {
    autoupdate: false,
    share: "disabled",
    snapshot: false,
    model: `llm/${model}`,
    small_model: `llm/${model}`,
    enabled_providers: ["llm"],
    permission: "allow",
    agent: { title: { disable: true } },
    // Without a project configuration it doesn't read this by itself.
    instructions: [join(tree, "AGENTS.md")],
    provider: {
      llm: {
        npm: "@ai-sdk/openai-compatible",
        name: "LLM",
        options: { baseURL: llm.url, apiKey: "{env:LLM_API_KEY}" },
        models: { [model]: { name: model, limit: { context: 128_000, output: 16_384 } } },
      },
    },
  };
}

/** A repository's own configuration could run code as a plugin; nothing may be downloaded. */
function switches(): Record<string, string> {
  const off = ["AUTOUPDATE", "MODELS_FETCH", "LSP_DOWNLOAD", "PROJECT_CONFIG", "DEFAULT_PLUGINS", "SHARE"];
  return Object.fromEntries(off.map((name) => [`OPENCODE_DISABLE_${name}`, "1"]));
}

/** With these it takes its plugin package for installed, and doesn't fetch it. */
function pluginFiles(folder: string): Record<string, string> {
  const dependencies = { "@opencode-ai/plugin": "*" };
  return {
    [join(folder, "package.json")]: JSON.stringify({ dependencies }),
    [join(folder, "package-lock.json")]: JSON.stringify({
      lockfileVersion: 3,
      packages: { "": { dependencies } },
    }),
    [join(folder, "node_modules/.keep")]: "",
  };
}
