import { defineConfig } from "vitest/config";

/** The suite that needs a Kubernetes cluster: `npm run test:cluster`. */
export default defineConfig({
  test: {
    include: ["{jobs,test}/**/*.cluster.test.ts"],
    globalSetup: "test/cluster/setup.ts",
    // Pods start in seconds, not milliseconds, and some ends are told by timers of the kubelet.
    testTimeout: 180_000,
    hookTimeout: 240_000,
    // Two worlds at a time, which wait more than they work.
    maxWorkers: 2,
    expect: { poll: { timeout: 60_000, interval: 200 } },
    maxConcurrency: 4,
  },
});
