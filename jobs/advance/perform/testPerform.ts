// What effects are performed with in the tests beside this file.
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";

import type { Installation } from "../../../app/github.ts";
import { issue as withIssue, snapshot } from "../decide/testSnapshot.ts";
import { perform } from "./perform.ts";
import type { Effect } from "../decide/effects.ts";
import type { Comment, Pull } from "../decide/snapshot.ts";
import type { PerformPorts } from "./ports.ts";

const none = (): never => {
  throw new Error("nothing here reaches the cluster");
};

/** Ports to GitHub and Redis, without a cluster. */
export function testPorts(of: {
  github: Installation;
  app: { id: number; slug: string };
  repository: { id: number };
  redis: Redis;
  runs: Queue;
}): PerformPorts {
  const { github, app, redis, runs } = of;
  const seen = snapshot({ app: { id: app.id, slug: app.slug }, installationId: github.id });
  const list = async () => [];
  return {
    github,
    redis,
    runs,
    prefix: "cx",
    cluster: { list, ensure: none, follow: none, remember: none, stop: none, forget: none, watch: none },
    slots: { room: none, claim: none, free: none, wait: none, leave: none, waiting: none, turns: none },
    clock: () => new Date("2026-11-21T12:00:00Z"),
    stateKey: Buffer.alloc(32),
    snapshot: { ...seen, repository: { ...seen.repository, id: of.repository.id } },
  };
}

/** Performs `effects` on what was seen of pull requests and comments. */
export const performOn = (
  ports: PerformPorts,
  effects: Effect[],
  { pulls = [], comments = [] }: { pulls?: Pull[]; comments?: Comment[] } = {},
): Promise<number | null> =>
  perform(
    effects,
    { ...ports, snapshot: { ...withIssue(ports.snapshot, { comments }), pulls } },
    async () => {},
  );
