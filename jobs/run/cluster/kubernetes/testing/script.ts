import { expect, vi } from "vitest";

import type { V1Pod } from "@kubernetes/client-node";

import type { Run } from "./room.ts";

const NOTHING = '{"kind":"nothing","say":"It is right already."}';
/** Shell that leaves an outcome. */
export const LEAVE = `printf '%s' '${NOTHING}' > /dev/termination-log`;
/** Shell that prints the runner's lines: `line 0 step "at work"`. */
export const LINE = `line() { printf '{"n":%d,"kind":"%s","text":"%s"}\\n' "$1" "$2" "$3"; };`;

/** `expect.poll` can't be used by tests that run side by side. */
export async function soon(check: () => Promise<void> | void): Promise<void> {
  await vi.waitFor(check, { timeout: 120_000, interval: 100 });
}

/** The pod of the run, if it is there. */
export const podOf = async (run: Run): Promise<V1Pod | undefined> => (await run.pods())[0];

/** Resolves when the run's pod runs. */
export async function atWork(run: Run): Promise<void> {
  await soon(async () => expect((await podOf(run))?.status?.phase).toBe("Running"));
}
