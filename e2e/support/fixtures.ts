import { test as base, expect, type Page } from "@playwright/test";
import type { ConsulTarget } from "#core/testing/consul-http.ts";
import { seedWorld } from "#core/testing/consul-seed-world.ts";
import { type Federation, startConsulFederation } from "#core/testing/consul-wan.ts";
import { type Snapkeep, signUp, startSnapkeep } from "./snapkeep.ts";

/** What one worker's tests share: two real datacenters with ACLs, and a Snapkeep that knows the first. */
export type World = {
  snapkeep: Snapkeep;
  dc1: ConsulTarget;
  dc2: ConsulTarget;
  federation: Federation;
  state: Awaited<ReturnType<typeof signUp>>;
};

export const test = base.extend<{ page: Page }, { world: World }>({
  world: [
    async ({ browserName: _ }, use) => {
      const federation = await startConsulFederation({ acl: true, dev: true });
      const dc1 = federation.primary.target();
      const dc2 = federation.secondary.target();
      await seedWorld({
        client: dc1,
        keys: 300,
        nodes: 4,
        servicesPerNode: 2,
        sessions: 3,
        acl: true,
        tokens: 2,
      });
      const snapkeep = await startSnapkeep({
        CONSUL_HTTP_ADDR: dc1.httpAddress,
        CONSUL_HTTP_TOKEN: federation.managementToken ?? "",
      });
      const state = await signUp(snapkeep);
      await use({ snapkeep, dc1, dc2, federation, state });
      await snapkeep.stop();
      await federation.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],

  // Signed in; and anything that the browser's console calls an error fails the test.
  page: async ({ browser, world }, use) => {
    const context = await browser.newContext({ baseURL: world.snapkeep.baseUrl, storageState: world.state });
    const page = await context.newPage();
    const errors = watchConsole(page);
    await use(page);
    await context.close();
    expect(errors, "errors in the browser's console").toEqual([]);
  },
});

/** @param expected answers with these statuses are part of the test; the browser logs them as errors. */
export function watchConsole(page: Page, expected: number[] = []): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(`${String(error)} on ${page.url()}`));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    const text = message.text();
    if (expected.some((status) => text.includes(`status of ${status}`))) return;
    errors.push(`${text} ${message.location().url} on ${page.url()}`);
  });
  return errors;
}

export { expect };
