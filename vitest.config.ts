import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{app,jobs,agent-pod,twin,test,bench}/**/*.test.ts"],
    exclude: ["twin/demo/sample/**", "**/node_modules/**", "**/*.cluster.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A loaded machine takes its time over what is waited for.
    expect: { poll: { timeout: 20_000 } },
    // Two cores: more workers than that only make each other slow.
    maxWorkers: 2,
    // CI's machines are noisy, and a landing shouldn't hang on one slow process; a developer sees every failure.
    retry: process.env["CI"] ? 2 : 0,
  },
});
