import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{app,jobs,agent-pod,twin,test,bench}/**/*.test.ts"],
    exclude: ["twin/demo/sample/**", "**/node_modules/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: more workers than that only make each other slow.
    maxWorkers: 2,
  },
});
