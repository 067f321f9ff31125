import { configDefaults, defineConfig } from "vitest/config";

const integration = "**/*.integration.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          sequence: { groupOrder: 0 },
          include: ["{core,server,app,scripts}/**/*.test.{ts,tsx,mjs}"],
          exclude: [...configDefaults.exclude, integration],
          // Some try tens of thousands of damaged archives; a busy machine must not make them fail.
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: "integration",
          sequence: { groupOrder: 1 },
          include: [integration],
          exclude: [...configDefaults.exclude, "**/.cache/**"],
          // Each file starts Consul servers of its own; more than two at once starve their elections.
          pool: "forks",
          maxWorkers: 2,
          // A test may hold several restores or drills, each waited for up to 90 s; a busy machine must not fail them.
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: { poll: { timeout: 90_000 } },
          retry: process.env.CI ? 1 : 0,
        },
      },
    ],
  },
});
