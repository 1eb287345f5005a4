import type { Named } from "./hooks/events.ts";
import type { Account, Delivery, Repository } from "./model.ts";
import type { State } from "./store.ts";

/** What every act, route and resolver is given: the state, the clock, and the way out for webhooks. */
export interface World {
  state: State;
  /** The folder with `state.json` and `git/<repository id>.git`. */
  dir: string;
  urls: { web: string; api: string };
  /** Milliseconds since 1970. */
  now: () => number;
  faults: Faults;
  /** Tells apps; the body is the event's own keys, without repository, sender, installation. */
  emit: (event: Occurrence) => void;
  /** Sends a webhook again. */
  redeliver: (delivery: Delivery) => void;
  /** The state changed: it is written to the folder soon. */
  changed: () => void;
}

/** Something that GitHub has a webhook for. */
export type Occurrence = Named & {
  /** null: it concerns an installation as a whole. */
  repository: Repository | null;
  sender: Account;
  body: Record<string, unknown>;
  /** Only this app is told (a check run's buttons, an installation); otherwise all that subscribe. */
  onlyAppId?: number;
};

/** What a test can do to make GitHub slow, forgetful, or cross. All off at first. */
export interface Faults {
  /** Every REST and GraphQL call waits this long first. */
  delayMs: number;
  /** Every webhook is delivered twice, with one delivery id. */
  doubleDeliveries: boolean;
  /** Every delivery waits up to this long, at random, so that they overtake each other. */
  holdBackUpToMs: number;
  /** What answers true here is lost on its way: never sent, and not in the log. */
  loseDeliveries: (event: string, action: string | null) => boolean;
  /** Comments and their edits are seen by readers only after this long. */
  readLagMs: number;
  /** GitHub's secondary limits hold: off, so that what is made up in a second isn't refused. */
  secondaryLimits: boolean;
  /** An answer here is given instead of the real one. */
  refuse: (call: { method: string; path: string; body: unknown }) => Refusal | undefined;
}

interface Refusal {
  status: number;
  headers?: Record<string, string>;
  body: unknown;
}

/** Nothing is wrong. */
export function noFaults(): Faults {
  return {
    delayMs: 0,
    doubleDeliveries: false,
    holdBackUpToMs: 0,
    loseDeliveries: () => false,
    readLagMs: 0,
    secondaryLimits: false,
    refuse: () => undefined,
  };
}
