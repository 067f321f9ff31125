import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { RestoreDetail } from "#core/restore/contract.ts";
import type { SnapshotDetail } from "#core/snapshots/contract.ts";
import { callConsul, readKey, writeKey } from "#core/testing/consul-http.ts";
import { stored, take } from "./support/acts.ts";
import { expect, test } from "./support/fixtures.ts";

const consul = process.env.CONSUL_BIN ?? "consul";

test.describe.configure({ mode: "serial" });

for (const datacenter of ["dc1", "dc2"]) {
  for (const stale of [false, true]) {
    test(`a ${stale ? "stale" : "consistent"} snapshot of ${datacenter} is stored with the headers that Consul sent`, async ({
      page,
    }) => {
      const note = `CHG-${datacenter}-${stale}`;
      const id = await take(page, { datacenter, stale, note });
      const detail = await stored<SnapshotDetail>(page, `/api/v1/snapshots/${id}`);
      expect(detail).toMatchObject({
        state: "verified",
        datacenter,
        mode: stale ? "stale" : "consistent",
        note,
      });
      expect(detail.requestLine).toContain(`dc=${datacenter}${stale ? "&stale=" : ""}`);
      expect(detail.raftIndex).toBe(detail.meta?.index);

      await expect(page.getByRole("heading", { level: 1 })).toContainText(datacenter);
      for (const [name, value] of detail.responseHeaders) {
        await expect(page.getByText(name, { exact: true })).toBeVisible();
        if (!/^\d+$/.test(value)) await expect(page.getByText(value, { exact: true }).first()).toBeVisible();
      }
      await page.goto("/snapshots");
      await expect(page.getByRole("row").filter({ hasText: datacenter }).first()).toContainText("Verified");
    });
  }
}

test("a download is byte for byte what was stored, and Consul's own tool accepts it", async ({ page }) => {
  const id = await take(page, { datacenter: "dc1" });
  const detail = await stored<SnapshotDetail>(page, `/api/v1/snapshots/${id}`);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^consul-dc1-\d+-\d{8}T\d{6}Z\.snap$/);
  const file = await download.path();
  expect(createHash("sha256").update(readFileSync(file)).digest("hex")).toBe(detail.archiveSha256);
  const said = execFileSync(consul, ["snapshot", "inspect", file], { encoding: "utf8" });
  expect(said).toContain(String(detail.raftIndex));
});

test("a deleted key is back after its snapshot was restored in the browser, and gone again after the way back", async ({
  page,
  world,
}) => {
  // Two restores with a look before, a safety snapshot and a comparison each.
  test.setTimeout(420_000);
  const key = "checkout/config/limits";
  await writeKey(world.dc1, key, "before the accident");
  const id = await take(page, { datacenter: "dc1", note: "before the accident" });
  await callConsul(world.dc1, "DELETE", `/v1/kv/${key}`);
  expect(await readKey(world.dc1, key)).toBeNull();

  await page.goto(`/snapshots/${id}`);
  await page.getByRole("link", { name: "Restore…" }).click();
  await page.waitForURL(/preflight=p-/);
  await expect(page.getByText(/nothing blocks/).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("region", { name: "What changes" })).toContainText("KV keys");
  await expect(page.getByRole("list", { name: "Keys that change" })).toContainText(key);
  const confirm = page.getByRole("button", { name: /^Restore dc1 to / });
  await page.getByLabel("Reason").fill("a key was deleted, CHG-4821");
  await page.getByLabel(/^Type .* to confirm$/).fill("dc1");
  await tickWarnings(page);
  await page.getByLabel(/^Type .* to confirm$/).fill("dc2");
  await expect(confirm).toBeDisabled();
  await page.getByLabel(/^Type .* to confirm$/).fill("dc1");
  await page.getByLabel(/^Type .* to confirm$/).press("Enter");
  await expect(confirm).toBeEnabled();
  expect(page.url()).toContain("/restores/new");
  await confirm.click();

  await page.waitForURL(/\/restores\/r-/);
  await expect(page.getByRole("heading", { name: /^dc1 is back to / })).toBeVisible({ timeout: 90_000 });
  expect(await readKey(world.dc1, key)).toBe("before the accident");
  const first = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const detail = await stored<RestoreDetail>(page, `/api/v1/restores/${first}`);
  expect(detail).toMatchObject({ state: "succeeded", verdict: "snapshot" });
  expect(detail.safetySnapshot).toMatchObject({ state: "verified", pinned: true });

  await page.getByRole("button", { name: "Return to the safety snapshot…" }).click();
  const dialog = page.getByRole("dialog", { name: "Return dc1 to the safety snapshot" });
  await expect(dialog.getByRole("button", { name: "Stay as it is" })).toBeFocused();
  await dialog.getByLabel("Reason").fill("it was the wrong one");
  await dialog.getByLabel(/^Type .* to confirm$/).fill("dc1");
  await dialog.getByRole("button", { name: /^Return dc1 to / }).click();
  await page.waitForURL((url) => /\/restores\/r-/.test(url.pathname) && !url.pathname.endsWith(first));
  await expect(page.getByRole("heading", { name: /^dc1 is back to / })).toBeVisible({ timeout: 90_000 });
  expect(await readKey(world.dc1, key)).toBeNull();
  await page.getByRole("button", { name: "Finish the watch" }).click();
  await expect(page.getByRole("button", { name: "Take snapshot…" })).toBeVisible();

  await page.goto("/audit");
  const row = page.getByRole("row").filter({ hasText: "restore.run" });
  await expect(row.first()).toContainText("OK");
});

/** Each warning is a box of its own, and the button stays off until the last of them is ticked. */
async function tickWarnings(page: Page): Promise<void> {
  const confirm = page.getByRole("button", { name: /^Restore dc1 to / });
  const boxes = page.getByRole("group", { name: "Warnings to accept" }).getByRole("checkbox");
  // The key that was deleted since makes one at least.
  await expect(boxes).not.toHaveCount(0);
  for (const box of await boxes.all()) {
    await expect(confirm).toBeDisabled();
    await box.check();
  }
  await expect(confirm).toBeEnabled();
}
