import { demoBrief } from "../../../../../agent-pod/runner/testing/brief.ts";
import type { RunLabels, RunSpec } from "../../cluster.ts";
import type { PodSettings } from "../../manifest.ts";

/** What all pods of the tables have in common. */
export const settings: PodSettings = {
  app: "7",
  namespace: "agents",
  serviceAccount: { name: "cx-agent", uid: "uid-0" },
  image: "ghcr.io/coxswain/agent@sha256:1234",
  images: { go: "ghcr.io/coxswain/agent-go@sha256:5678" },
  sizes: { small: { limits: { memory: "512Mi" } } },
  gate: { url: "http://gate:8080", alias: { ip: "10.96.4.5", host: "gate" } },
  walls: { canary: "10.96.4.5:9090", dns: "[fd00::a]:53" },
  template: null,
};

/** A run; `changes` go over its labels. */
export function spec(changes: Partial<RunLabels> = {}): RunSpec {
  return {
    name: "cx-12-implement-1-0a1b2c3d",
    labels: {
      repository: "octo/demo",
      repositoryId: 1,
      installationId: 7,
      issue: 12,
      task: "add",
      purpose: "implement",
      attempt: 1,
      ...changes,
    },
    brief: demoBrief("c".repeat(40)),
    image: null,
    size: null,
    pass: "cxp_secret",
  };
}
