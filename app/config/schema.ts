import { z } from "zod";

import { duration } from "./duration.ts";

// Every message here is what the value must be, as in "`setup` must be …"; `parseSettings` makes the sentence.

function text(most: number, what: string) {
  const message = `${what} of at most ${most} characters, without control characters`;
  return z
    .string(message)
    .trim()
    .min(1, message)
    .max(most, message)
    .regex(/^(?:[^\p{C}]|[\t\n])*$/u, message);
}

function list<Item extends z.ZodType>(item: Item, most: number, what: string) {
  const message = `a list of at most ${most} ${what}`;
  return z.array(item, message).max(most, message);
}

function whole(least: number, most: number) {
  const message = `a whole number from ${least} to ${most}, in digits alone`;
  return z.int(message).min(least, message).max(most, message);
}

const command = text(4000, "a shell command");

const GLOB =
  "a pattern of at most 200 characters, from the repository's root, like `docs/**` or `package.json`";
const glob = text(200, "a pattern").refine(
  (pattern) => !/^[/!]|\\|(?:^|\/)\.{1,2}(?:\/|$)/.test(pattern),
  GLOB,
);

const HOST =
  "a host's name of at most 253 characters, like `registry.example.org` or `*.example.org`, without a port or a path; no address, and letters beyond a to z as `xn--…`";
const host = z
  .string(HOST)
  .toLowerCase()
  .max(253, HOST)
  .regex(/^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/, HOST);

const NAME = "a name of at most 63 characters: a to z, digits, `.`, `_` and `-`";
const name = z.string(NAME).regex(/^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/, NAME);

const LABEL =
  'a label of at most 50 characters that doesn\'t begin with "agent:", as the labels that show the phase do';

const Limits = z.strictObject(
  {
    attempts: whole(1, 10).default(3).describe("How often one task is tried before a person is asked."),
    rounds: whole(0, 50)
      .default(10)
      .describe("How many rounds of follow-ups (reviews, comments, failed checks) one pull request gets."),
    tokens: whole(1000, 50_000_000)
      .default(2_000_000)
      .describe("How many tokens of the model, input and output together, one issue may use."),
    minutes: whole(1, 240).default(30).describe("How long one run may take, in minutes."),
    parallel: whole(1, 50).default(4).describe("How many agents may work at once on one issue."),
    repository: whole(1, 200).default(10).describe("How many agents may work at once in this repository."),
  },
  "a list of limits, one `key: value` a line",
);

/** `.github/coxswain.yml`. The types, the errors, the JSON Schema and the reference page all come from here. */
export const Settings = z.strictObject(
  {
    label: text(50, "a label")
      .refine((label) => !/^agent:/i.test(label), LABEL)
      .default("agent")
      .describe("The label that hands an issue to the agents."),
    setup: list(command, 50, "shell commands")
      .default([])
      .describe(
        "Commands that prepare the repository before the agent starts, in this order, like `npm ci`.",
      ),
    test: command
      .nullable()
      .default(null)
      .describe(
        "The command that runs the tests; the agent is told to make it pass. `null`: it looks for itself.",
      ),
    agent: z
      .enum(["opencode"], "one of the agents that are built in: opencode")
      .default("opencode")
      .describe("The agent that does the work."),
    model: text(200, "a model's name")
      .nullable()
      .default(null)
      .describe("The model that plans and works. `null`: the app's own (`LLM_MODEL`)."),
    image: name
      .nullable()
      .default(null)
      .describe(
        "The image that agents run in, by one of the names that the app has for some (`AGENT_IMAGES`). `null`: the app's own.",
      ),
    size: name
      .nullable()
      .default(null)
      .describe(
        "What agents may use of processor, memory and disk, by one of the names that the app has for some (`AGENT_SIZES`). `null`: the app's own.",
      ),
    quiet: duration("0s", "1h")
      .prefault("60s")
      .describe(
        "How long single review comments must have been still before they are taken up. A submitted review counts at once.",
      ),
    grace: duration("0s", "1h")
      .prefault("2m")
      .describe("How long a new commit waits for a first check before it counts as passed without checks."),
    limits: Limits.prefault({}).describe("Limits; reaching one stops the work and asks a person."),
    protected: list(glob, 100, "patterns")
      .default([])
      .describe(
        "Files that agents may not change, as patterns from the repository's root, like `deploy/**`. `.github/workflows/` always is.",
      ),
    hosts: list(host, 50, "names of hosts")
      .default([])
      .describe(
        "Hosts that agents may reach, by CONNECT through the gate, like `registry.example.org`; `*.example.org` is every name below it. Each is a two-way channel to whoever serves it: docs/security.md.",
      ),
  },
  "a list of settings, one `key: value` a line",
);

/** A repository's settings; `quiet` and `grace` are in milliseconds. */
export type Settings = z.infer<typeof Settings>;
