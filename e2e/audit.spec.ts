import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { AuditPage, Custody } from "#core/audit/contract.ts";
import { expectAccessible, expectToFit, still } from "./support/accessible.ts";
import { stored, take } from "./support/acts.ts";
import { expect, test } from "./support/fixtures.ts";

test.describe.configure({ mode: "serial" });

const rows = (page: Page) => page.locator("tr[data-row-id]");
const row = (page: Page, entry: number) => page.locator(`[data-row-id="${entry}"]`);
const drawer = (page: Page) => page.getByRole("dialog", { name: /^Entry/ });
const count = (page: Page) => page.getByRole("search", { name: "Filter entries" }).getByRole("status");
/** Entries of the snapshot's takes: other tests of this worker write to the same log. */
const takesPath = "/api/v1/audit?action=snapshot.take&outcome=ok";

let first = "";
let second = "";

test("filters stand in the URL, survive a reload, and count what they match", async ({ page }) => {
  first = await take(page, { datacenter: "dc1", note: "audit, first" });
  second = await take(page, { datacenter: "dc1", note: "audit, second" });
  await page.goto("/audit");
  await page.getByRole("button", { name: /^Action/ }).click();
  await page.getByRole("menuitemradio", { name: "snapshot.take", exact: true }).click();
  await page.getByRole("button", { name: /^Result/ }).click();
  await page.getByRole("menuitemradio", { name: "OK", exact: true }).click();
  await expect(page).toHaveURL(/action=snapshot\.take.*outcome=ok|outcome=ok.*action=snapshot\.take/);
  const { rows: takes, total } = await stored<AuditPage>(page, takesPath);
  await expect(rows(page)).toHaveCount(takes.length);
  await expect(count(page)).toHaveText(new RegExp(`^${total} of [\\d,]+ entries$`));
  await page.reload();
  await expect(rows(page)).toHaveCount(takes.length);
  for (const shown of await rows(page).all()) await expect(shown).toContainText("snapshot.take");
});

test("the search finds the entries of one snapshot, and a filter by id has a chip that takes it away", async ({
  page,
}) => {
  await page.goto("/audit");
  await page.getByRole("searchbox", { name: /^Find entries/ }).fill(first);
  await expect(page).toHaveURL(new RegExp(`q=${first}`));
  const found = await stored<AuditPage>(page, `/api/v1/audit?q=${first}`);
  expect(found.total).toBeGreaterThan(0);
  await expect(rows(page)).toHaveCount(found.rows.length);

  const correlation = found.rows[0]?.correlationId ?? "";
  await page.goto("/audit");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("textbox", { name: "Correlation id" }).fill(correlation);
  await page.getByRole("button", { name: "Show these entries" }).click();
  await expect(page).toHaveURL(new RegExp(`correlation=${correlation}`));
  const one = await stored<AuditPage>(page, `/api/v1/audit?correlationId=${correlation}`);
  await expect(rows(page)).toHaveCount(one.rows.length);
  await page.getByRole("button", { name: `Correlation: ${correlation}` }).click();
  await expect(page).not.toHaveURL(/correlation=/);
});

test("days and spans narrow the time", async ({ page }) => {
  await page.goto("/audit");
  await expect(rows(page)).not.toHaveCount(0);
  await page.getByRole("button", { name: /^Time/ }).click();
  await page.getByRole("button", { name: "Last 24 h" }).click();
  await expect(page).toHaveURL(/time=24h/);
  await expect(rows(page)).not.toHaveCount(0);
  await page.goto("/audit?time=2001-01-01..2001-01-02");
  await expect(page.getByRole("heading", { name: "No entry matches" })).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(rows(page)).not.toHaveCount(0);
});

test("an entry opens by its link, by a press and by the keyboard, and the brackets go on from it", async ({
  page,
}) => {
  const { rows: takes } = await stored<AuditPage>(page, takesPath);
  const [newer, older] = takes;
  if (newer === undefined || older === undefined) throw new Error("there are no two takes");
  await page.goto(`/audit?action=snapshot.take&outcome=ok&entry=${newer.entry}`);
  await expect(drawer(page)).toContainText("took a snapshot of");
  await expect(drawer(page)).toContainText(newer.requestId);
  await expect(drawer(page)).toContainText("ops-primary");
  await expect(row(page, newer.entry)).toHaveAttribute("data-selected", "true");

  await page.keyboard.press("]");
  await expect(page).toHaveURL(new RegExp(`entry=${older.entry}`));
  await expect(drawer(page)).toContainText(older.requestId);
  await page.keyboard.press("[");
  await expect(page).toHaveURL(new RegExp(`entry=${newer.entry}`));
  await page.keyboard.press("Escape");
  await expect(drawer(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/entry=/);
  await expect(row(page, newer.entry)).toBeFocused();

  await page.keyboard.press("j");
  await expect(row(page, older.entry)).toBeFocused();
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`entry=${newer.entry}`));
  await row(page, older.entry).click({ position: { x: 150, y: 8 } });
  await expect(page).toHaveURL(new RegExp(`entry=${older.entry}`));
  await page.goBack();
  await expect(drawer(page)).toHaveCount(0);
});

test("an entry shows what changed, what belongs to it, and how it hangs in the chain", async ({ page }) => {
  await page.goto(`/snapshots/${first}`);
  await page.getByRole("button", { name: "Pin", exact: true }).click();
  await expect(page.getByRole("button", { name: "Unpin", exact: true })).toBeVisible();
  const { rows: pins } = await stored<AuditPage>(page, `/api/v1/audit?action=snapshot.pin&targetId=${first}`);
  const pin = pins[0]?.entry ?? 0;
  await page.goto(`/audit?entry=${pin}`);
  const changes = drawer(page).getByRole("region", { name: "Before and after", exact: true });
  await expect(changes).toContainText("1 field");
  await expect(changes).toContainText("pinned: false");
  await expect(changes).toContainText("pinned: true");
  await changes.getByRole("button", { name: "JSON" }).click();
  await expect(changes).toContainText('"pinned": true');
  await expect(drawer(page).getByRole("region", { name: "Hash chain" })).toContainText(
    /Previous.*This entry.*Next/,
  );

  const { rows: takes } = await stored<AuditPage>(page, takesPath);
  await page.goto(`/audit?entry=${takes[0]?.entry}`);
  const related = drawer(page).getByRole("region", { name: "Related entries" });
  await expect(related).toContainText("Intent");
  await related.getByRole("link").first().click();
  await expect(drawer(page)).toContainText("set out to take a snapshot of");
  await drawer(page)
    .getByRole("button", { name: /^Entries by/ })
    .click();
  await expect(page).toHaveURL(/actor=ops-primary/);
  await expect(drawer(page)).toHaveCount(0);
});

test("a check says that the chain is verified up to the newest entry", async ({ page }) => {
  await page.goto("/audit");
  const { rows: newest } = await stored<AuditPage>(page, "/api/v1/audit?limit=1");
  // A start checks by itself, some seconds after it; what is shown shows that the page listens, too.
  const badge = page.getByText(/^Hash chain verified up to entry [\d,]+$/);
  await expect(badge).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Verify again" }).click();
  const upTo = async () => Number((await badge.textContent())?.replace(/\D/g, ""));
  await expect.poll(upTo).toBeGreaterThanOrEqual(newest[0]?.entry ?? 1);
  await expect(page.getByText(/^head [0-9a-f]{4}…[0-9a-f]{4}, checked \d\d:\d\d:\d\d/)).toBeVisible();
  await rows(page).last().locator("td").nth(1).click();
  await expect(drawer(page).getByRole("region", { name: "Hash chain" })).toContainText("intact");
});

test("exports hold the rows of the filter, in both forms", async ({ page }) => {
  const filter = "action=snapshot.take";
  await page.goto(`/audit?${filter}`);
  await expect(rows(page)).not.toHaveCount(0);
  const { rows: takes } = await stored<AuditPage>(page, `/api/v1/audit?${filter}&limit=200`);
  const entries = takes.map((one) => one.entry).sort((a, b) => a - b);

  const csv = (await exported(page, "CSV")).split("\n").filter((line) => line !== "");
  expect(
    csv
      .slice(1)
      .map((line) => Number(line.split(",", 1)[0]))
      .sort((a, b) => a - b),
  ).toEqual(entries);
  const jsonl = (await exported(page, "JSON Lines")).split("\n").filter((line) => line !== "");
  expect(jsonl.map((line) => Number(JSON.parse(line).entry)).sort((a, b) => a - b)).toEqual(entries);
});

async function exported(page: Page, form: string): Promise<string> {
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: form }).click();
  return readFileSync(await (await download).path(), "utf8");
}

test("a snapshot's page shows its custody, and leads to the same in the log", async ({ page }) => {
  await page.goto(`/snapshots/${second}`);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download", exact: true }).click();
  await (await download).path();
  await page.goto(`/compare?a=${first}&b=${second}`);
  const compared = page.getByRole("table", { name: "Record types" }).or(page.getByText("Nothing differs"));
  await expect(compared).toBeVisible({ timeout: 30_000 });
  const acts = ["snapshot.compare", "snapshot.download", "snapshot.take"];
  await expect
    .poll(async () => {
      const { events } = await stored<Custody>(page, `/api/v1/snapshots/${second}/custody`);
      return events.filter((event) => event.outcome === "ok").map((event) => event.action);
    })
    .toEqual(expect.arrayContaining(acts));

  await page.goto(`/snapshots/${second}`);
  const custody = page.getByRole("region", { name: "Custody" });
  const lines = custody.getByRole("listitem");
  await expect(lines.filter({ hasText: `Compared with ${first} by ops-primary` })).toHaveCount(1);
  await expect(lines.filter({ hasText: /Downloaded by ops-primary from .*request/ })).toHaveCount(1);
  await expect(lines.last()).toContainText("Taken by ops-primary");
  await custody.getByRole("link", { name: "Open in audit log" }).click();
  await expect(page).toHaveURL(new RegExp(`/audit\\?q=${second}`));
  for (const action of acts) {
    await expect(rows(page).filter({ hasText: action }).first()).toBeVisible();
  }
});

for (const scheme of ["light", "dark"] as const) {
  test(`the log and an entry are accessible, and fit a phone, ${scheme}`, async ({ page }) => {
    test.setTimeout(240_000);
    const { rows: pins } = await stored<AuditPage>(page, "/api/v1/audit?action=snapshot.pin");
    const entry = pins[0]?.entry ?? 1;
    await page.emulateMedia(still(scheme));
    await page.goto(`/audit?time=24h&entry=${entry}`);
    await expect(drawer(page)).toContainText("Before and after");
    await expectAccessible(page, "the entry beside the list");
    await page.goto(`/snapshots/${second}`);
    await expect(page.getByRole("region", { name: "Custody" }).getByRole("listitem")).not.toHaveCount(0);
    await expectAccessible(page, "the custody");

    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto("/audit");
    await expect(row(page, entry)).toBeVisible();
    await expectAccessible(page, "the list on a phone");
    await row(page, entry).click();
    await expect(drawer(page)).toContainText("Before and after");
    await expect.poll(async () => (await drawer(page).boundingBox())?.width).toBe(390);
    await expectToFit(page, "the entry on a phone");
    await expectAccessible(page, "the entry on a phone");
    await drawer(page).getByRole("button", { name: "Close" }).click();
    await expect(drawer(page)).toHaveCount(0);
  });
}
