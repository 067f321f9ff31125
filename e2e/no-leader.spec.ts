import type { SnapshotPage } from "#core/snapshots/contract.ts";
import { startConsulCluster } from "#core/testing/consul-cluster.ts";
import { openTake, stored } from "./support/acts.ts";
import { expect, test, watchConsole } from "./support/fixtures.ts";
import { signUp, startSnapkeep } from "./support/snapkeep.ts";

test("without a leader Consul's words are shown, and a stale snapshot from the survivor is kept and flagged", async ({
  browser,
}) => {
  test.setTimeout(360_000);
  const cluster = await startConsulCluster({ servers: 3, datacenter: "eu-west" });
  const leader = await cluster.leader();
  const [survivor, ...others] = [leader, ...cluster.servers.filter((server) => server !== leader)].reverse();
  if (survivor === undefined) throw new Error("a cluster has servers");
  const snapkeep = await startSnapkeep({ CONSUL_HTTP_ADDR: survivor.httpAddress });
  const context = await browser.newContext({
    baseURL: snapkeep.baseUrl,
    storageState: await signUp(snapkeep),
  });
  const page = await context.newPage();
  const errors = watchConsole(page);
  try {
    await page.goto("/snapshots");
    for (const server of others) await server.kill("SIGKILL");
    // Until it has noticed, the survivor still forwards to the leader that is gone, and says so in other words.
    const known = () => fetch(`${survivor.httpAddress}/v1/status/leader`).then((answer) => answer.text());
    await expect.poll(known, { timeout: 60_000 }).toBe('""');
    const dialog = await openTake(page);
    await dialog.getByRole("button", { name: "Take snapshot" }).click();
    await expect(page.getByRole("heading", { name: "No cluster leader in eu-west" })).toBeVisible({
      timeout: 90_000,
    });
    await expect(page.getByRole("dialog")).toContainText("No cluster leader");
    await page.getByRole("button", { name: /^Take stale snapshot from/ }).click();
    await expect(page.getByText("Stored, but flagged Stale.", { exact: true })).toBeVisible({
      timeout: 60_000,
    });
    const { rows } = await stored<SnapshotPage>(page, "/api/v1/snapshots");
    expect(rows.map((row) => [row.state, row.mode])).toEqual([
      ["stale", "stale"],
      ["failed", "consistent"],
    ]);
    expect(rows[1]?.failureText).toContain("No cluster leader");
    expect(errors).toEqual([]);
  } finally {
    await context.close();
    await snapkeep.stop();
    await cluster.stop();
  }
});
