import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
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

test("a deleted key is back after its snapshot was restored in the browser", async ({ page, world }) => {
  const key = "checkout/config/limits";
  await writeKey(world.dc1, key, "before the accident");
  const id = await take(page, { datacenter: "dc1", note: "before the accident" });
  await callConsul(world.dc1, "DELETE", `/v1/kv/${key}`);
  expect(await readKey(world.dc1, key)).toBeNull();

  await page.goto(`/snapshots/${id}`);
  await page.getByRole("link", { name: "Restore…" }).click();
  const confirm = page.getByRole("button", { name: /^Restore dc1 to / });
  await expect(confirm).toBeDisabled();
  await page.getByLabel("Reason").fill("a key was deleted, CHG-4821");
  await page.getByLabel(/^Type .* to confirm$/).fill("dc2");
  await expect(confirm).toBeDisabled();
  await page.getByLabel(/^Type .* to confirm$/).fill("dc1");
  await confirm.click();

  await page.waitForURL(/\/restores\/r-/);
  await expect(page.getByText("Consul answered 200").first()).toBeVisible({ timeout: 60_000 });
  expect(await readKey(world.dc1, key)).toBe("before the accident");

  await page.goto("/audit");
  const row = page.getByRole("row").filter({ hasText: "restore.run" });
  await expect(row.first()).toContainText("OK");
});
