import { createHash } from "node:crypto";

/** A run's name: the same for the same intent, at most 52 characters, fit for a Kubernetes Job and a BullMQ job id. */
export function runName(of: {
  app: number;
  repositoryId: number;
  issue: number;
  generation: number;
  task: string;
  purpose: string;
  attempt: number;
}): string {
  const hash = createHash("sha256").update(JSON.stringify(of)).digest("hex").slice(0, 8);
  return `cx-${of.issue}-${of.purpose}-${of.attempt}-${hash}`;
}
