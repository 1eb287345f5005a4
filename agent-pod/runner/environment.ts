import { join } from "node:path";

import type { Settings } from "./settings.ts";

/**
 * What commands of the repository and the agent see of the environment: nothing of ours, but the way to the hosts that the run may
 * reach. Their commits carry the app's own name.
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
    ...proxyTo(settings),
  };
}

/**
 * The gate as the proxy for HTTPS, with the pass as its password, in the variables that tools read:
 * https://everything.curl.dev/usingcurl/proxies/env.html and https://nodejs.org/api/cli.html#node_use_env_proxy1. Without allowed
 * hosts there is none, and so no pass either.
 */
function proxyTo({ brief, gate, pass }: Settings): Record<string, string> {
  if (brief.hosts.length === 0) return {};
  const { protocol, host, hostname } = new URL(gate);
  const proxy = `${protocol}//run:${pass}@${host}`;
  const direct = `${hostname},localhost,127.0.0.1,::1`;
  return {
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    NO_PROXY: direct,
    no_proxy: direct,
    NODE_USE_ENV_PROXY: "1",
  };
}
