import { Agent } from "node:https";
import type { RequestOptions } from "node:https";
import { createSecureContext } from "node:tls";
import type { SecureContextOptions } from "node:tls";

import { KubeConfig } from "@kubernetes/client-node";
import type { RequestContext } from "@kubernetes/client-node";

type Dispatcher = NonNullable<ReturnType<RequestContext["getDispatcher"]>>;

/**
 * A configuration whose requests share connections. With the client's own each request has a pool, and with it a connection,
 * of its own, and each connection reads certificates and key anew: with 300 runs that took 150 MB. One that a log was read
 * from is kept for the next.
 */
export class SharedConnections extends KubeConfig {
  /** By the agent that the client keeps for the same credentials: renewed ones have connections of their own. */
  readonly #dispatchers = new WeakMap<object, Dispatcher>();
  readonly #agents = new WeakMap<Agent, Agent>();

  override async applyToHTTPSOptions(options: RequestOptions): Promise<void> {
    await super.applyToHTTPSOptions(options);
    const { agent, ca, cert, key } = options;
    if (!(agent instanceof Agent)) return;
    const shared =
      this.#agents.get(agent) ??
      keeping(agent, { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) });
    this.#agents.set(agent, shared);
    options.agent = shared;
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    const options: RequestOptions = {};
    await super.applyToHTTPSOptions(options);
    const made = context.getDispatcher();
    // A plain server has no agent and needs no dispatcher.
    if (!made || typeof options.agent !== "object") return;
    const shared = this.#dispatchers.get(options.agent) ?? made;
    this.#dispatchers.set(options.agent, shared);
    context.setDispatcher(shared);
  }
}

/** An agent like that one, which keeps its connections and has read the credentials. */
const keeping = (agent: Agent, credentials: SecureContextOptions): Agent =>
  new Agent({ ...agent.options, keepAlive: true, secureContext: createSecureContext(credentials) });
