import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { Comparison, DifferencesPage } from "#core/comparisons/contract.ts";
import { type ConsulTarget, callConsul, writeKey } from "#core/testing/consul-http.ts";
import { expectAccessible, expectToFit, still } from "./support/accessible.ts";
import { stored, take } from "./support/acts.ts";
import { expect, test } from "./support/fixtures.ts";

test.describe.configure({ mode: "serial" });

/** Each test names its keys by itself: the tests of a worker share one Consul. */
const root = "compare";
const secretBefore = "sk_live_before_the_cutover_0123456789";
const secretAfter = "sk_live_after_the_cutover_0123456789_longer";
const json = (value: unknown) => JSON.stringify(value, null, 2);
const limits = { provider: "northpay-v1", timeout_ms: 1500, currency: ["USD", "EUR"] };
const remove = (target: ConsulTarget, key: string) => callConsul(target, "DELETE", `/v1/kv/${key}`);

let a = "";
let b = "";
let policy = "";

async function before(target: ConsulTarget): Promise<void> {
  await writeKey(target, `${root}/config/limits`, json(limits));
  await writeKey(target, `${root}/config/payment_key`, secretBefore);
  await writeKey(target, `${root}/config/gone`, "here for now");
  await writeKey(target, `${root}/config/same`, "the same in both");
  await writeKey(target, `${root}/img/logo`, new Uint8Array([0, 1, 2, 255, 254, 3, 0]));
  const made = await callConsul<{ ID: string }>(target, "PUT", "/v1/acl/policy", {
    Name: "compare-policy",
    Rules: 'key_prefix "compare/" { policy = "read" }',
  });
  policy = made.ID;
}

async function after(target: ConsulTarget): Promise<void> {
  await writeKey(
    target,
    `${root}/config/limits`,
    json({ ...limits, provider: "northpay-v2", timeout_ms: 400 }),
  );
  await writeKey(target, `${root}/config/payment_key`, secretAfter);
  await remove(target, `${root}/config/gone`);
  await writeKey(target, `${root}/config/new`, "only in B");
  await writeKey(target, `${root}/img/logo`, new Uint8Array([9, 8, 7, 255, 254, 3, 0, 0]));
  await callConsul(target, "PUT", `/v1/acl/policy/${policy}`, {
    ID: policy,
    Name: "compare-policy",
    Rules: 'key_prefix "compare/" { policy = "write" }',
  });
}

const options = (page: Page) => page.getByRole("option");
const option = (page: Page, name: string) => page.getByRole("option", { name, exact: false });
const reader = (page: Page) => page.getByRole("region", { name: "Chosen differences" });

async function openPair(page: Page, more = ""): Promise<void> {
  await page.goto(`/compare?a=${a}&b=${b}${more}`);
  await expect(page.getByRole("table", { name: "Record types" })).toBeVisible({ timeout: 30_000 });
}

test("two snapshots are chosen in the history and compared, and exactly what changed is listed", async ({
  page,
  world,
}) => {
  await before(world.dc1);
  a = await take(page, { datacenter: "dc1", note: "compare, before" });
  await after(world.dc1);
  b = await take(page, { datacenter: "dc1", note: "compare, after" });

  await page.goto("/snapshots?q=compare,");
  for (const id of [b, a]) await page.locator(`[data-row-id="${id}"]`).getByRole("checkbox").check();
  await page
    .getByRole("toolbar", { name: "Selected snapshots" })
    .getByRole("link", { name: "Compare" })
    .click();
  await expect(page).toHaveURL(new RegExp(`/compare\\?a=${a}&b=${b}`));

  await expect(page.getByText(/apart, raft index \+/)).toBeVisible();
  await page.getByRole("searchbox", { name: /pattern of keys/ }).fill(`${root}/`);
  await expect(options(page)).toHaveCount(5);
  await expect(option(page, "added: new")).toContainText("9 B");
  await expect(option(page, "removed: gone")).toContainText("12 B");
  await expect(option(page, "changed: limits")).toBeVisible();
  await expect(option(page, "changed: payment_key")).toContainText("redacted");
  await expect(option(page, "changed: logo")).toContainText("7 B to 8 B");
  await expect(option(page, "same")).toHaveCount(0);
});

test("a pattern and the chips narrow the list, and the link says so", async ({ page }) => {
  await openPair(page, `&pattern=${root}/config/`);
  await expect(options(page)).toHaveCount(4);
  await page.getByRole("button", { name: /^Changed/ }).click();
  await expect(options(page)).toHaveCount(2);
  await page.getByRole("button", { name: /^Removed/ }).click();
  await expect(options(page)).toHaveCount(1);
  await expect(page).toHaveURL(/changes=added/);
  await page.reload();
  await expect(options(page)).toHaveCount(1);
  await expect(option(page, "added: new")).toBeVisible();
  await page.getByRole("searchbox", { name: /pattern of keys/ }).fill(`${root}/*_key`);
  await page.getByRole("button", { name: /^Changed/ }).click();
  await expect(option(page, "payment_key")).toBeVisible();
  await expect(options(page)).toHaveCount(1);
});

test("JSON is compared line by line with the words marked, together and side by side", async ({ page }) => {
  await openPair(page, `&pattern=${root}/config/limits`);
  const diff = reader(page).getByRole("region", { name: `Differences of ${root}/config/limits` });
  await expect(diff.locator("mark", { hasText: "1500" })).toBeVisible();
  await expect(diff.locator("mark", { hasText: "400" })).toBeVisible();
  await expect(diff.getByText('"EUR"')).toBeVisible();
  await expect(reader(page)).toContainText("JSON");
  await expect(reader(page)).toContainText("ModifyIndex");
  await page.getByRole("button", { name: "Split" }).click();
  await expect(diff).toHaveAttribute("data-view", "split");
  await expect(diff.locator("mark", { hasText: "1500" })).toBeVisible();
  await page.getByRole("button", { name: "Unified" }).click();
});

test("arrows move through the list, and binary values are not pretended to be text", async ({ page }) => {
  await openPair(page, `&pattern=${root}/`);
  await expect(options(page)).toHaveCount(5);
  await page.getByRole("listbox").focus();
  await page.keyboard.press("End");
  await expect(option(page, "changed: logo")).toHaveAttribute("aria-selected", "true");
  await expect(reader(page).getByText("Binary values of 7 B and 8 B differ.")).toBeVisible();
  await page.keyboard.press("Home");
  await expect(option(page, "removed: gone")).toHaveAttribute("aria-selected", "true");
});

test("a link to a difference opens the same difference", async ({ page }) => {
  await openPair(page, `&pattern=${root}/`);
  await option(page, "added: new").click();
  await expect(page).toHaveURL(/key=/);
  await expect(reader(page).getByRole("heading", { name: `${root}/config/new` })).toBeVisible();
  const link = page.url();
  await page.goto("/");
  await page.goto(link);
  await expect(reader(page).getByRole("heading", { name: `${root}/config/new` })).toBeVisible();
  await expect(reader(page)).toContainText("only in B");
  await expect(option(page, "added: new")).toHaveAttribute("aria-selected", "true");
});

test("a closed key stays closed until it is revealed with a reason, and the audit log knows", async ({
  page,
}) => {
  await openPair(page, `&pattern=${root}/config/payment_key`);
  await expect(reader(page)).toContainText(/fingerprint/);
  await expect(reader(page)).toContainText("Hidden because the name matches");
  expect(await page.content()).not.toContain("sk_live_");
  await expect(page.getByRole("button", { name: "Reveal" })).toBeDisabled();
  await page.getByRole("textbox", { name: "Reason" }).fill("INC-77 wrong provider");
  await page.getByRole("button", { name: "Reveal" }).click();
  await expect(page.getByText("Revealed, hides in")).toBeVisible();
  await expect(reader(page)).toContainText(secretAfter);
  await page.getByRole("button", { name: "Hide now" }).click();
  await expect(reader(page)).not.toContainText("sk_live_");
  expect(await page.content()).not.toContain("sk_live_");
  await page.goto("/audit?action=secret.reveal");
  await expect(page.getByText("INC-77 wrong provider").first()).toBeVisible();
});

test("other records are shown field by field", async ({ page }) => {
  await openPair(page, "&kind=acl-policy");
  await option(page, policy).click();
  const rules = reader(page).locator("div", { has: page.locator("dt", { hasText: "Rules" }) });
  await expect(rules.locator("del").first()).toContainText('policy = "read"');
  await expect(rules.locator("ins").first()).toContainText('policy = "write"');
});

test("the live cluster is taken for the comparison and not kept", async ({ page, world }) => {
  await writeKey(world.dc1, `${root}/config/since`, "after B");
  const storedBefore = await stored<{ total: number }>(page, "/api/v1/snapshots");
  await openPair(page);
  await page.getByRole("button", { name: /^B dc1/ }).click();
  await page.getByRole("menuitemradio", { name: /Live cluster dc1, now/ }).click();
  await expect(page).toHaveURL(/b=live/);
  await expect(page.getByText("Live cluster, taken for this comparison and not kept")).toBeVisible();
  await expect(page.getByRole("table", { name: "Record types" })).toBeVisible({ timeout: 30_000 });
  await page.getByRole("searchbox", { name: /pattern of keys/ }).fill(`${root}/config/since`);
  await expect(option(page, "added: since")).toBeVisible();
  await expect(page).toHaveURL(/id=d-/);
  await page.reload();
  await expect(option(page, "added: since")).toBeVisible({ timeout: 30_000 });
  const storedAfter = await stored<{ total: number }>(page, "/api/v1/snapshots");
  expect(storedAfter.total).toBe(storedBefore.total);
});

test("the export is JSON of the same differences, without a secret in it", async ({ page }) => {
  await openPair(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export diff" }).click(),
  ]);
  const text = readFileSync(await download.path(), "utf8");
  expect(text).not.toContain("sk_live_");
  expect(() => JSON.parse(text)).not.toThrow();
  for (const name of ["limits", "payment_key", "gone", "new"])
    expect(text).toContain(`${root}/config/${name}`);
  expect(text).not.toContain(`${root}/config/same`);
});

test("a snapshot and itself do not differ", async ({ page }) => {
  await page.goto(`/compare?a=${a}&b=${a}`);
  await expect(page.getByRole("heading", { name: "Nothing differs" })).toBeVisible({ timeout: 30_000 });
});

test("without sides the last two of each datacenter are one press away, and B can be swapped with A", async ({
  page,
}) => {
  await page.goto("/compare");
  await page.getByRole("button", { name: "Last two" }).first().click();
  await expect(page).toHaveURL(/\/compare\?a=s-.*&b=s-/);
  await openPair(page);
  await page.getByRole("button", { name: "Swap A and B" }).click();
  await expect(page).toHaveURL(new RegExp(`a=${b}&b=${a}`));
  await page.getByRole("searchbox", { name: /pattern of keys/ }).fill(`${root}/config/new`);
  await expect(option(page, "removed: new")).toBeVisible();
});

test("what the screen counts is what the API says", async ({ page }) => {
  const asked: string[] = [];
  page.on("response", (response) => {
    const found = /\/api\/v1\/comparisons\/([^/?]+)$/.exec(response.url());
    if (found?.[1] !== undefined) asked.push(found[1]);
  });
  await openPair(page);
  const comparison = await stored<Comparison>(page, `/api/v1/comparisons/${asked.at(-1)}`);
  const keys = comparison.summary?.kinds.find((kind) => kind.kind === "kv");
  await expect(page.getByRole("row", { name: /^KVS/ })).toContainText(`+${keys?.added}`);
  const page1 = await stored<DifferencesPage>(
    page,
    `/api/v1/comparisons/${asked.at(-1)}/differences?limit=500`,
  );
  expect(page1.rows).toHaveLength((keys?.added ?? 0) + (keys?.changed ?? 0) + (keys?.removed ?? 0));
});

for (const scheme of ["light", "dark"] as const) {
  for (const [name, size] of [
    ["wide", { width: 1440, height: 900 }],
    ["phone", { width: 390, height: 844 }],
  ] as const) {
    test(`the page is accessible and fits, ${scheme}, ${name}`, async ({ page }) => {
      await page.emulateMedia(still(scheme));
      await page.setViewportSize(size);
      await openPair(page, `&pattern=${root}/`);
      await option(page, "changed: limits").click();
      await expect(page.locator("mark").first()).toBeVisible();
      await expectToFit(page, "a difference");
      await expectAccessible(page, "a difference");
    });
  }
}
