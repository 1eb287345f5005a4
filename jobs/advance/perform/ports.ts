import type { Queue } from "bullmq";
import type { Redis } from "ioredis";

import type { Installation } from "../../../app/github.ts";
import type { Cluster } from "../../run/cluster/cluster.ts";
import type { Slots } from "../../run/slots.ts";
import type { Snapshot } from "../decide/snapshot.ts";

/** What effects are performed with. */
export interface PerformPorts {
  github: Installation;
  redis: Redis;
  /** Of every key of ours in Redis. */
  prefix: string;
  cluster: Cluster;
  runs: Queue;
  slots: Slots;
  clock(): Date;
  stateKey: Buffer;
  /** What was looked at: ids and names come from here. */
  snapshot: Snapshot;
}

/** The parameters of every REST route on the repository. */
export const repo = ({ snapshot }: Pick<PerformPorts, "snapshot">): { owner: string; repo: string } => ({
  owner: snapshot.repository.owner,
  repo: snapshot.repository.name,
});
