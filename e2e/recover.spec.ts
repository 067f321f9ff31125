import type { Page } from "@playwright/test";
import type { Recovery } from "#core/recoveries/contract.ts";
import { type ConsulTarget, callConsul, readKey, writeKey } from "#core/testing/consul-http.ts";
import { expectAccessible, expectToFit, still } from "./support/accessible.ts";
import { stored, take } from "./support/acts.ts";
import { expect, test } from "./support/fixtures.ts";

test.describe.configure({ mode: "serial" });

type Pair = { Key: string; Value: string | null; Flags: number };
const binary = Buffer.from([0x00, 0xff, 0xfe, 0x01, 0x80, 0x41]);
const values = new Map<string, Buffer>([
  ["shop/config/empty", Buffer.alloc(0)],
  ["shop/config/image.bin", binary],
  ["shop/config/limits", Buffer.from('{"max":200}')],
  ["shop/config/payment_key", Buffer.from("sk_live_0123456789")],
  ["shop/name", Buffer.from("north")],
]);

/** Every key below a prefix with its exact bytes, as Consul tells them. */
async function below(target: ConsulTarget, prefix: string): Promise<Record<string, string>> {
  const keys = await callConsul<string[]>(target, "GET", "/v1/kv/?keys");
  if (!keys.some((key) => key.startsWith(prefix))) return {};
  const pairs = await callConsul<Pair[]>(target, "GET", `/v1/kv/${prefix}?recurse`);
  return Object.fromEntries(pairs.map(({ Key, Value }) => [Key, Value ?? ""]));
}

const wanted = Object.fromEntries([...values].map(([key, value]) => [key, value.toString("base64")]));
const idOf = (page: Page): string => new URL(page.url()).pathname.split("/").at(-1) ?? "";
const recoveryOf = (page: Page): Promise<Recovery> =>
  stored<Recovery>(page, `/api/v1/recoveries/${idOf(page)}`);

/** Opens a folder of the KV browser, chooses it, and waits for the plan. */
async function planFolder(page: Page, snapshotId: string, folder: string): Promise<void> {
  await page.goto(`/snapshots/${snapshotId}`);
  await page
    .getByRole("treeitem", { name: new RegExp(`^${folder}`) })
    .first()
    .click();
  await page.getByRole("button", { name: `Recover ${folder}…` }).click();
  const tray = page.getByRole("region", { name: "Recover a part" });
  await expect(tray.getByRole("list", { name: "What was chosen" })).toContainText(`${folder}…`);
  await tray.getByRole("button", { name: "Plan the recovery" }).click();
  await page.waitForURL(/\/restores\/parts\/./);
}

let id = "";

test("a deleted prefix is chosen, planned, recovered byte for byte, and taken back", async ({
  page,
  world,
}) => {
  test.setTimeout(180_000);
  for (const [key, value] of values) await writeKey(world.dc1, key, value);
  await writeKey(world.dc1, "shopping/list", "not below shop/");
  id = await take(page, { datacenter: "dc1", note: "before the accident" });
  await callConsul(world.dc1, "DELETE", "/v1/kv/shop/?recurse");
  await writeKey(world.dc1, "shopping/list", "changed since");
  expect(await below(world.dc1, "shop/")).toEqual({});

  await planFolder(page, id, "shop/");
  await expect(page.getByRole("heading", { name: "5 keys come back", exact: true })).toBeVisible();
  const plan = page.getByRole("list", { name: "What the plan does" });
  await expect(plan.getByRole("listitem")).toHaveCount(values.size);
  const closed = plan.getByRole("listitem").filter({ hasText: "shop/config/payment_key" });
  await expect(closed).toContainText("redacted");
  expect(await page.content()).not.toContain("sk_live_0123456789");
  // Looking at a plan writes nothing.
  expect(await below(world.dc1, "shop/")).toEqual({});

  const recover = page.getByRole("button", { name: "Recover 5 keys into dc1" });
  await expect(recover).toHaveAttribute("aria-disabled", "true");
  await page.getByLabel("Reason").fill("the shop was deleted, CHG-4821");
  await page.getByLabel("Reason").press("Tab");
  await recover.click();
  await expect(page.getByRole("heading", { name: "5 keys recovered into dc1" })).toBeVisible({
    timeout: 60_000,
  });
  expect(await below(world.dc1, "shop/")).toEqual(wanted);
  expect(await readKey(world.dc1, "shopping/list")).toBe("changed since");
  expect(await recoveryOf(page)).toMatchObject({ state: "applied", counts: { create: 5, applied: 5 } });

  await page.getByRole("button", { name: "Undo…" }).click();
  const dialog = page.getByRole("dialog", { name: "Take back 5 keys in dc1" });
  await expect(dialog.getByRole("button", { name: "Stay as it is" })).toBeFocused();
  const undo = dialog.getByRole("button", { name: "Take back 5 keys in dc1" });
  await expect(undo).toBeDisabled();
  await dialog.getByLabel("Reason").fill("it was deleted on purpose");
  await undo.click();
  await expect(page.getByRole("heading", { name: "5 keys taken back" })).toBeVisible({ timeout: 60_000 });
  expect(await below(world.dc1, "shop/")).toEqual({});
  expect(await recoveryOf(page)).toMatchObject({ state: "undone", counts: { undone: 5 } });
});

test("what somebody writes after the plan was made is left alone, and the page says so", async ({
  page,
  world,
}) => {
  test.setTimeout(180_000);
  await writeKey(world.dc1, "shop/name", "south");
  await planFolder(page, id, "shop/");
  await expect(page.getByRole("heading", { name: "4 keys come back, 1 changes" })).toBeVisible();
  await writeKey(world.dc1, "shop/config/limits", "written by somebody else");
  await page.getByLabel("Reason").fill("bring it back");
  await page.getByRole("button", { name: "Recover 5 keys into dc1" }).click();
  await expect(page.getByRole("heading", { name: "4 keys recovered, not all" })).toBeVisible({
    timeout: 60_000,
  });
  await page.getByRole("button", { name: /^Left alone/ }).click();
  const items = page.getByRole("list", { name: "What the plan does" }).getByRole("listitem");
  await expect(items).toHaveCount(1);
  await expect(items).toContainText("shop/config/limits");
  expect(await readKey(world.dc1, "shop/config/limits")).toBe("written by somebody else");
  expect(await readKey(world.dc1, "shop/name")).toBe("north");
});

test("a record of a kind that can come back is chosen in its table, beside a key", async ({
  page,
  world,
}) => {
  type Policy = { ID: string; Name: string };
  const policies = await callConsul<Policy[]>(world.dc1, "GET", "/v1/acl/policies");
  expect(policies.length).toBeGreaterThan(0);
  await page.goto(`/snapshots/${id}?records=acl-policy`);
  const table = page.getByRole("table", { name: "Policies" });
  await table.getByRole("row").nth(1).click();
  const record = page.getByRole("complementary", { name: "Record" });
  await record.getByRole("button", { name: /^Recover .*…$/ }).click();
  const tray = page.getByRole("region", { name: "Recover a part" });
  await expect(tray.getByRole("listitem")).toHaveCount(1);
  await page.getByRole("button", { name: "Contents", exact: true }).click();
  await page.getByRole("searchbox", { name: "Prefix or pattern" }).fill("shop/config/*");
  await page.getByRole("button", { name: "Recover shop/config/…" }).click();
  await expect(tray.getByRole("listitem")).toHaveCount(2);
  await tray.getByRole("button", { name: "Plan the recovery" }).click();
  await page.waitForURL(/\/restores\/parts\/./);
  await expect(page.getByText(/keys and records chosen$/)).toBeVisible();
  const { selections } = await recoveryOf(page);
  expect(selections.map((one) => Object.keys(one).sort())).toEqual([["identity", "kind"], ["prefix"]]);
});

for (const scheme of ["light", "dark"] as const) {
  test(`parts are accessible and fit on a phone, ${scheme}`, async ({ page }) => {
    test.setTimeout(180_000);
    await page.emulateMedia(still(scheme));
    await page.setViewportSize({ width: 1440, height: 844 });
    await planFolder(page, id, "shop/");
    const path = `/restores/parts/${idOf(page)}`;
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      for (const address of ["/restores/parts", path]) {
        await page.goto(address);
        const seen = address === path ? page.getByRole("list", { name: "What the plan does" }) : null;
        await expect(seen ?? page.getByRole("region", { name: "Parts", exact: true })).toBeVisible();
        await expectToFit(page, `${address} at ${width} px`);
        await expectAccessible(page, `${address} at ${width} px`);
      }
    }
  });
}
