import type { Page } from "@playwright/test";
import type { DrillPage, DrillRow, DrillSchedule } from "#core/drills/contract.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { expectAccessible, expectToFit, still } from "./support/accessible.ts";
import { chooseDatacenter, stored, take } from "./support/acts.ts";
import { test as base, expect, watchConsole } from "./support/fixtures.ts";
import { signUp, startSnapkeep } from "./support/snapkeep.ts";

type Room = { baseUrl: string; state: Awaited<ReturnType<typeof signUp>> };

/** A Snapkeep that knows where a consul is, since a drill starts one of its own. */
const test = base.extend<{ page: Page }, { room: Room }>({
  room: [
    async ({ world }, use) => {
      const snapkeep = await startSnapkeep({
        CONSUL_HTTP_ADDR: world.dc1.httpAddress,
        CONSUL_HTTP_TOKEN: world.dc1.token ?? "",
        CONSUL_BIN: process.env.CONSUL_BIN ?? "consul",
      });
      await use({ baseUrl: snapkeep.baseUrl, state: await signUp(snapkeep) });
      await snapkeep.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  page: async ({ browser, room }, use) => {
    const context = await browser.newContext({ baseURL: room.baseUrl, storageState: room.state });
    const page = await context.newPage();
    const errors = watchConsole(page);
    await use(page);
    await context.close();
    expect(errors, "errors in the browser's console").toEqual([]);
  },
});

test.describe.configure({ mode: "serial" });

let snapshotId = "";
let drill: DrillRow;

test("a drill by hand ends proven, and the snapshot carries the proof", async ({ page }) => {
  test.setTimeout(180_000);
  snapshotId = await take(page, { datacenter: "dc1", note: "drill me" });
  await page.goto(`/snapshots/${snapshotId}#drill`);
  const panel = page.getByRole("region", { name: "Proven restore" });
  await expect(panel).toContainText("Never drilled.");
  await panel.getByRole("button", { name: "Drill it…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Drill dc1/ });
  await expect(dialog.getByText(/^Consul \d+\.\d+\.\d+.* was found$/)).toBeVisible();
  await dialog.getByRole("button", { name: "Drill it", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(panel.getByText(/records? came back equal/)).toBeVisible({ timeout: 120_000 });

  const { rows } = await stored<DrillPage>(page, `/api/v1/drills?snapshotId=${snapshotId}`);
  expect(rows).toHaveLength(1);
  const [only] = rows;
  if (only === undefined) throw new Error("a drill was started");
  drill = only;
  expect(drill).toMatchObject({ state: "passed", trigger: "manual", datacenter: "dc1" });
  expect(drill.report).toMatchObject({ matches: true, unexplained: 0 });
  expect(drill.report?.sampledKeys).toBeGreaterThan(0);
  expect(drill.report?.sampledEqual).toBe(drill.report?.sampledKeys);
  const detail = await stored<SnapshotDetail>(page, `/api/v1/snapshots/${snapshotId}`);
  expect(detail.drill).toMatchObject({ id: drill.id, state: "passed" });

  await panel.getByRole("link", { name: "Open the drill" }).click();
  await page.waitForURL(`**/restores/drills/${drill.id}`);
  await expect(page.getByRole("heading", { name: "Proven restore" })).toBeVisible();
  const kinds = page.getByRole("table", { name: "Records by kind" });
  const wanted = drill.report?.kinds.find(({ kind }) => kind === "kv")?.wanted ?? 0;
  expect(wanted).toBeGreaterThan(0);
  await expect(kinds.getByRole("row", { name: /^KVS/ })).toContainText(wanted.toLocaleString("en-US"));

  await page.goto("/snapshots");
  const row = page.locator(`[data-row-id="${snapshotId}"]`);
  await expect(row.getByRole("img", { name: /^Proven restore, drilled on Consul / })).toBeVisible();
  await page.goto("/restores/drills");
  await page.getByRole("link", { name: `Open drill of ${snapshotId}` }).click();
  await page.waitForURL(`**/restores/drills/${drill.id}`);
});

test("a schedule is set, refused where it makes no sense, changed and removed", async ({ page }) => {
  const schedules = async () =>
    (await stored<{ schedules: DrillSchedule[] }>(page, "/api/v1/drill-schedules")).schedules;
  await page.goto("/restores/drills");
  const panel = page.getByRole("region", { name: "Schedules", exact: true });
  await expect(panel).toContainText("No drill happens by itself.");
  await panel.getByRole("button", { name: "Add schedule…" }).click();
  const dialog = page.getByRole("dialog");
  await chooseDatacenter(page, dialog, "dc1");
  await dialog.getByText("Daily 04:00", { exact: true }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(panel.getByRole("listitem")).toContainText("every day at 04:00");
  expect(await schedules()).toMatchObject([{ datacenter: "dc1", cron: "0 4 * * *", enabled: true }]);

  await panel.getByRole("button", { name: "Actions for the schedule of dc1" }).click();
  await page.getByRole("menuitem", { name: "Edit…" }).click();
  await dialog.getByText("Own", { exact: true }).click();
  await dialog.getByLabel("Cron, UTC").fill("0 4 31 2 *");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toContainText("never comes");
  expect(await schedules()).toMatchObject([{ cron: "0 4 * * *" }]);
  await dialog.getByLabel("Cron, UTC").fill("30 5 * * 3");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(panel.getByRole("listitem")).toContainText("every Wednesday at 05:30");

  await panel.getByRole("button", { name: "Actions for the schedule of dc1" }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  await dialog.getByRole("button", { name: "Remove the schedule of dc1" }).click();
  await expect(panel).toContainText("No drill happens by itself.");
  expect(await schedules()).toEqual([]);
});

for (const scheme of ["light", "dark"] as const) {
  test(`drills are accessible and fit on a phone, ${scheme}`, async ({ page }) => {
    test.setTimeout(180_000);
    await page.emulateMedia(still(scheme));
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      const addresses = [
        { path: "/restores/drills", seen: page.getByRole("region", { name: "Drills" }) },
        { path: `/restores/drills/${drill.id}`, seen: page.getByRole("table", { name: "Records by kind" }) },
        { path: `/snapshots/${snapshotId}#drill`, seen: page.getByText(/records? came back equal/) },
      ];
      for (const { path, seen } of addresses) {
        await page.goto(path);
        await expect(seen).toBeVisible();
        await expectToFit(page, `${path} at ${width} px`);
        await expectAccessible(page, `${path} at ${width} px`);
      }
    }
  });
}
