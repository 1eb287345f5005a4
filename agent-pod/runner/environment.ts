import { join } from "node:path";

import type { Settings } from "./settings.ts";

/**
 * What commands of the repository and the agent see of the environment: nothing of ours. Their commits carry the app's
 * own name.
 */
export function cleanEnvironment(settings: Settings): Record<string, string> {
  const { author } = settings.brief;
  return {
    PATH: settings.path,
    HOME: settings.home,
    LANG: settings.lang,
    TMPDIR: settings.tmp,
    XDG_DATA_HOME: join(settings.home, ".local/share"),
    XDG_CONFIG_HOME: join(settings.home, ".config"),
    XDG_CACHE_HOME: join(settings.home, ".cache"),
    XDG_STATE_HOME: join(settings.home, ".local/state"),
    CI: "true",
    NO_COLOR: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  };
}
