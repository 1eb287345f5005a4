import { Agent } from "node:https";
import type { RequestOptions } from "node:https";

import { HttpMethod, RequestContext } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";

import { SharedConnections } from "./connections.ts";

function open(skipTLSVerify: boolean): SharedConnections {
  const config = new SharedConnections();
  config.loadFromClusterAndUser(
    { name: "here", server: "https://127.0.0.1:1", skipTLSVerify },
    { name: "me", token: "secret" },
  );
  return config;
}

async function dispatcherOf(config: SharedConnections) {
  const context = new RequestContext("https://127.0.0.1:1/api", HttpMethod.GET);
  await config.applySecurityAuthentication(context);
  return context.getDispatcher();
}

describe("connections to the cluster", () => {
  test("are shared by the requests of one configuration", async () => {
    const config = open(true);
    const first = await dispatcherOf(config);
    expect(first).toBeDefined();
    expect(await dispatcherOf(config)).toBe(first);
    expect(await dispatcherOf(open(true))).not.toBe(first);
  });

  test("read certificates once, and verify the server as before", async () => {
    const config = open(false);
    const contexts = [];
    for (let count = 0; count < 2; count++) {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      if (!(options.agent instanceof Agent)) throw new Error("There is no agent.");
      expect(options.agent.options.rejectUnauthorized).not.toBe(false);
      contexts.push(options.agent.options.secureContext);
    }
    expect(contexts[0]).toBeDefined();
    expect(contexts[1]).toBe(contexts[0]);
  });
});
