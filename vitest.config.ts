import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 60_000,
    // Two cores: more workers only fight over them.
    maxWorkers: 2,
    env: { NO_COLOR: "1" },
  },
});
