import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    // The only clock that tests are held against: what hangs, or grows with the square of its input, runs into it.
    testTimeout: 60_000,
    // A PostgreSQL or a Chromium may start while another one does.
    hookTimeout: 60_000,
    // A page may take longer than the second that is asked for by default.
    expect: { poll: { timeout: 20_000 } },
    // Two cores: more workers only fight over them.
    maxWorkers: 2,
    env: { NO_COLOR: "1" },
  },
});
