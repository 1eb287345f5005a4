import { Refusal } from "../refusal.ts";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** Two labels or more, and the last one is none of a number's: `10.0.0.0x1` is an address to some. */
const NAME = new RegExp(`^(?:${LABEL}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$`);
const PORT = ":443";

/**
 * The host's name in a CONNECT's target, `name:443`, in small letters. Throws a `Refusal` for an address, another port, and what
 * isn't a host's name as DNS and TLS have it: letters of other scripts come as `xn--…`, and no dot ends it.
 */
export function nameIn(target: string): string {
  const name = target.slice(0, -PORT.length).toLowerCase();
  if (!target.endsWith(PORT) || name.length > 253 || !NAME.test(name))
    throw new Refusal(
      403,
      "not_allowed",
      "The gate opens tunnels to hosts by their names and to port 443 alone, like registry.example.org:443.",
    );
  return name;
}

/** Whether one of `hosts` is `name`, or `*.` and an end of it: `*.example.org` is every name below example.org, but not itself. */
export function mayReach(hosts: readonly string[], name: string): boolean {
  return hosts.some((host) => {
    const allowed = host.toLowerCase();
    return allowed.startsWith("*.") ? name.endsWith(allowed.slice(1)) : name === allowed;
  });
}
