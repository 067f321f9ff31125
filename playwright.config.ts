import { defineConfig, devices } from "@playwright/test";

// A browser that calls home slows the tests down where there is no network, and adds errors that aren't ours.
const quiet = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
];
const isRoot = process.getuid?.() === 0;
const chromium = process.env.CHROMIUM_BIN;

export default defineConfig({
  testDir: "e2e",
  // Only this folder is emptied at the start; the other results beside it stay.
  outputDir: "test-results/e2e",
  workers: 2,
  // Generous, since two cores may be busy with much else; nothing here measures time.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  retries: process.env.CI ? 1 : 0,
  reporter: [["list"], ["json", { outputFile: "test-results/e2e.json" }]],
  use: {
    baseURL: process.env.SNAPKEEP_E2E_URL,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: [
    {
      name: "chromium",
      use: {
        ...devices["Desktop Chrome"],
        launchOptions: {
          ...(chromium === undefined ? {} : { executablePath: chromium }),
          // Chromium's sandbox doesn't work as root.
          chromiumSandbox: !isRoot,
          args: isRoot ? [...quiet, "--no-sandbox"] : quiet,
        },
      },
    },
  ],
});
