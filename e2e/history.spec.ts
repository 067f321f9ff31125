import type { SnapshotPage } from "#core/snapshots/contract.ts";
import { stored, take } from "./support/acts.ts";
import { expect, test } from "./support/fixtures.ts";

test.describe.configure({ mode: "serial" });

test("filters and search stand in the URL and survive a reload", async ({ page }) => {
  await take(page, { datacenter: "dc1", note: "needle in the haystack" });
  await take(page, { datacenter: "dc2" });
  await page.goto("/snapshots?q=needle");
  await expect(page.getByRole("row").filter({ hasText: "dc1" })).toHaveCount(1);
  await expect(page.getByRole("row").filter({ hasText: "dc2" })).toHaveCount(0);
  await page.goto("/snapshots");
  await page.getByRole("button", { name: /^Datacenter/ }).click();
  await page.getByRole("menuitemradio", { name: /dc2/ }).click();
  await expect(page).toHaveURL(/dc2/);
  await expect(page.getByRole("row").filter({ hasText: "dc1" })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("row").filter({ hasText: "dc2" })).not.toHaveCount(0);
  await expect(page.getByRole("row").filter({ hasText: "dc1" })).toHaveCount(0);
});

test("a pinned snapshot can't be deleted, an unpinned one is gone with its archive", async ({ page }) => {
  const id = await take(page, { datacenter: "dc1", note: "to be deleted" });
  await page.getByRole("button", { name: "Pin", exact: true }).click();
  await expect(page.getByText("Pinned snapshots cannot be deleted", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Delete…/ })).toBeDisabled();
  await page.getByRole("button", { name: "Unpin", exact: true }).click();
  await page.getByRole("button", { name: /^Delete…/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("dc1");
  await dialog.getByRole("button", { name: /^Delete/ }).click();
  await expect(page).toHaveURL(/\/snapshots(\?|$)/);
  const { rows } = await stored<SnapshotPage>(page, "/api/v1/snapshots?limit=200");
  expect(rows.map((row) => row.id)).not.toContain(id);
});

test("a failed take stays in the history with Consul's words", async ({ page, world }) => {
  await page.request.post("/api/v1/snapshots", {
    headers: { origin: world.snapkeep.baseUrl },
    data: { clusterId: "c-environment", datacenter: "nope" },
  });
  await page.goto("/snapshots?q=nope");
  await expect(page.getByRole("row").filter({ hasText: "nope" })).toContainText("No path to datacenter");
});
