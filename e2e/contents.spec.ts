import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { type ConsulTarget, callConsul } from "#core/testing/consul-http.ts";
import { expectAccessible, expectToFit, still } from "./support/accessible.ts";
import { take } from "./support/acts.ts";
import { expect, test } from "./support/fixtures.ts";

test.describe.configure({ mode: "serial" });

const limits = '{"cart":{"max_lines":200},"provider":"northpay-v1","id":12345678901234567890}';
const closedValue = "sk_live_0123456789abcdef";
const hostileName = '<img src=x onerror="document.title=1">';
const binary = Buffer.from([0x00, 0xff, 0xfe, 0x01, 0x80, 0x41]);

async function putKey(client: ConsulTarget, key: string, value: string | Buffer) {
  const operation = { KV: { Verb: "set", Key: key, Value: Buffer.from(value).toString("base64") } };
  await callConsul(client, "PUT", "/v1/txn", [operation]);
}

const keyId = (key: string) => Buffer.from(key).toString("base64url");

/** Opens folders and a key, one by one, by what the rows are called. */
async function openRow(page: Page, name: string | RegExp) {
  await page.getByRole("treeitem", { name }).first().click();
}

/** All that is looked at in this file was written before one snapshot. */
let id = "";

test("a snapshot with something to look at is taken", async ({ page, world }) => {
  await putKey(world.dc1, "checkout/config/limits", limits);
  await putKey(world.dc1, "checkout/config/notes.txt", "line one\nline two\u0007\n");
  await putKey(world.dc1, "checkout/config/image.bin", binary);
  await putKey(world.dc1, "checkout/config/empty", "");
  await putKey(world.dc1, "checkout/config/payment_provider_key", closedValue);
  await putKey(world.dc1, `hostile/${hostileName}`, "<b>bold</b>");
  await putKey(world.dc1, "hostile/../../etc/passwd", "x");
  for (let number = 0; number < 230; number++) {
    await putKey(world.dc1, `many/${String(number).padStart(4, "0")}`, `value ${number}`);
  }
  id = await take(page, { datacenter: "dc1", note: "look inside" });
});

test("the tree opens by mouse and by keyboard, and a value is shown as JSON, text and hex", async ({
  page,
}) => {
  await page.goto(`/snapshots/${id}`);
  await openRow(page, /^checkout\//);
  await openRow(page, /^config\//);
  await openRow(page, /^limits/);
  const value = page.getByRole("region", { name: "Value" });
  await expect(value).toContainText("checkout/config/limits");
  await expect(value).toContainText("ModifyIndex");
  // The digits of a large number survive the indenting.
  await expect(value.getByRole("tabpanel")).toContainText('"id": 12345678901234567890');
  await value.getByRole("tab", { name: "Text" }).click();
  await expect(value.getByRole("tabpanel")).toContainText(limits);
  await value.getByRole("tab", { name: "Hex" }).click();
  await expect(value.getByRole("tabpanel")).toContainText("7b 22 63 61 72 74");
  await expect(page).toHaveURL(new RegExp(`key=${keyId("checkout/config/limits")}`));

  const saved = page.waitForEvent("download");
  await value.getByRole("button", { name: "Download value" }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe("limits");
  expect(readFileSync(await download.path(), "utf8")).toBe(limits);

  // A reload, or a link that somebody sends, shows the same key with its folders open.
  await page.reload();
  await expect(page.getByRole("treeitem", { name: /^limits/ })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("region", { name: "Value" }).getByRole("tabpanel")).toBeVisible();

  const tree = page.getByRole("tree", { name: "Keys" });
  await tree.focus();
  await page.keyboard.press("Home");
  const first = page.getByRole("treeitem").first();
  await expect(first).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("ArrowRight");
  await expect(first).toHaveAttribute("aria-expanded", "true");
  await expect(page.getByRole("treeitem").nth(1)).toHaveAttribute("aria-level", "2");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(first).toHaveAttribute("aria-expanded", "false");
});

test("text, binary and empty values look like what they are", async ({ page }) => {
  await page.goto(`/snapshots/${id}?key=${keyId("checkout/config/notes.txt")}`);
  const value = page.getByRole("region", { name: "Value" });
  // A bell is no text to the server; who wants to read it as text still can, and sees the bell.
  await value.getByRole("tab", { name: "Text" }).click();
  await expect(value.getByRole("tabpanel")).toContainText("line two␇");
  await expect(value.getByRole("tab", { name: "JSON" })).toHaveCount(0);
  await page.goto(`/snapshots/${id}?key=${keyId("checkout/config/image.bin")}`);
  await expect(value.getByRole("tab", { name: "Hex" })).toHaveAttribute("aria-selected", "true");
  await expect(value.getByRole("tabpanel")).toContainText("00 ff fe 01 80 41");
  await page.goto(`/snapshots/${id}?key=${keyId("checkout/config/empty")}`);
  await expect(value).toContainText("empty");
});

test("a pattern finds keys, and stands in the URL", async ({ page }) => {
  await page.goto(`/snapshots/${id}`);
  await page.getByRole("searchbox", { name: "Prefix or pattern" }).fill("checkout/*_key");
  const found = page.getByRole("tree", { name: "Keys found" });
  await expect(found.getByRole("treeitem")).toHaveCount(1);
  await expect(found.getByRole("treeitem")).toContainText("checkout/config/payment_provider_key");
  await expect(found.getByRole("treeitem")).toContainText("redacted");
  await expect(page).toHaveURL(/pattern=/);
  await page.reload();
  await expect(page.getByRole("tree", { name: "Keys found" }).getByRole("treeitem")).toHaveCount(1);
  await page.getByRole("searchbox", { name: "Prefix or pattern" }).fill("no-such-key/");
  await expect(page.getByText("0 keys", { exact: true })).toBeVisible();
});

test("a folder of many keys loads as it is scrolled", async ({ page }) => {
  await page.goto(`/snapshots/${id}?prefix=${keyId("many/")}`);
  await expect(page.getByRole("treeitem", { name: /^0000/ })).toBeVisible();
  const tree = page.getByRole("tree", { name: "Keys" });
  expect(await page.getByRole("treeitem").count()).toBeLessThan(80);
  await tree.focus();
  await page.keyboard.press("End");
  await expect(async () => {
    await page.keyboard.press("End");
    await tree.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await expect(tree).toContainText("0229");
  }).toPass();
});

test("a name is only a name, whatever it holds", async ({ page }) => {
  await page.goto(`/snapshots/${id}?prefix=${keyId("hostile/")}`);
  await expect(page.getByRole("treeitem", { name: hostileName })).toBeVisible();
  await openRow(page, hostileName);
  const value = page.getByRole("region", { name: "Value" });
  await expect(value.getByRole("tabpanel")).toHaveText("<b>bold</b>");
  expect(await page.locator("main img").count()).toBe(0);
  expect(await page.title()).toContain("s-");
});

test("a closed value is closed, and is revealed with a reason that the audit log keeps", async ({ page }) => {
  const answers: string[] = [];
  page.on("response", async (answer) => {
    if (/\/api\//.test(answer.url())) answers.push(await answer.text().catch(() => ""));
  });
  await page.goto(`/snapshots/${id}?key=${keyId("checkout/config/payment_provider_key")}`);
  const value = page.getByRole("region", { name: "Value" });
  await expect(value).toContainText("Hidden because the name matches *_key");
  await expect(value).toContainText(`${closedValue.length} B, fingerprint`);
  expect(await page.content()).not.toContain(closedValue);
  expect(answers.join("\n")).not.toContain(closedValue);

  await expect(value.getByRole("button", { name: "Reveal" })).toBeDisabled();
  await value.getByRole("textbox", { name: "Reason" }).fill("INC-4821 payment outage");
  await value.getByRole("button", { name: "Reveal" }).click();
  await expect(value.getByRole("tabpanel")).toContainText(closedValue);
  await expect(value).toContainText(/hides in \d+ s/);
  await value.getByRole("button", { name: "Hide now" }).click();
  await expect(value).not.toContainText(closedValue);
  await expect(value).toContainText("Hidden because the name matches *_key");

  await page.goto("/audit?action=secret.reveal");
  const entry = page.getByRole("row").filter({ hasText: "INC-4821 payment outage" }).first();
  await expect(entry).toContainText("secret.reveal");
});

test("what was revealed goes by itself after a minute", async ({ page }) => {
  await page.clock.install();
  await page.goto(`/snapshots/${id}?key=${keyId("checkout/config/payment_provider_key")}`);
  const value = page.getByRole("region", { name: "Value" });
  await value.getByRole("textbox", { name: "Reason" }).fill("INC-4822");
  await value.getByRole("button", { name: "Reveal" }).click();
  await expect(value.getByRole("tabpanel")).toContainText(closedValue);
  await page.clock.fastForward(61_000);
  await expect(value).toContainText("Hidden because the name matches *_key");
  expect(await page.content()).not.toContain(closedValue);
});

test("tables filter, and a token's secret is nowhere", async ({ page, world }) => {
  const tokens = await callConsul<{ AccessorID: string; SecretID: string; Description: string }[]>(
    world.dc1,
    "GET",
    "/v1/acl/tokens",
  );
  const secrets: string[] = [];
  for (const { AccessorID } of tokens) {
    const whole = await callConsul<{ SecretID: string }>(world.dc1, "GET", `/v1/acl/token/${AccessorID}`);
    if (whole.SecretID !== undefined && whole.SecretID !== "anonymous") secrets.push(whole.SecretID);
  }
  expect(secrets.length).toBeGreaterThan(1);
  const answers: string[] = [];
  page.on("response", async (answer) => answers.push(await answer.text().catch(() => "")));

  await page.goto(`/snapshots/${id}`);
  await page.getByRole("button", { name: "ACLToken, show tokens" }).click();
  await expect(page).toHaveURL(/records=acl-token/);
  const table = page.getByRole("table", { name: "Tokens" });
  await expect(table.getByRole("row")).not.toHaveCount(1);
  await page.getByRole("searchbox", { name: "Filter tokens" }).fill("seeded token 1");
  await expect(table.getByRole("row")).toHaveCount(2);
  await table.getByRole("row", { name: /seeded token 1/ }).click();
  const record = page.getByRole("complementary", { name: "Record" });
  await expect(record).toContainText("redacted 36 B");
  await page.waitForLoadState("networkidle");
  const seen = [await page.content(), ...answers].join("\n");
  for (const secret of secrets) expect(seen).not.toContain(secret);

  await page.getByRole("button", { name: /^Services/ }).click();
  const services = page.getByRole("table", { name: "Services" });
  await expect(services.getByRole("row").filter({ hasText: "ext-node-1" }).first()).toBeVisible();
  await page.getByRole("searchbox", { name: "Filter services" }).fill("ext-node-2");
  await expect(services.getByRole("row").filter({ hasText: "ext-node-1" })).toHaveCount(0);
  await page.goBack();
  await expect(page.getByRole("table", { name: "Tokens" })).toBeVisible();
});

for (const scheme of ["light", "dark"] as const) {
  test(`what is inside is accessible and fits on a phone, ${scheme}`, async ({ page }) => {
    test.setTimeout(300_000);
    await page.emulateMedia(still(scheme));
    const addresses = [
      `?key=${keyId("checkout/config/limits")}`,
      `?key=${keyId("checkout/config/payment_provider_key")}`,
      "?pattern=checkout/",
      "?records=service",
      "?records=acl-token&text=seeded",
      "?records=acl-policy&record=00000000-0000-0000-0000-000000000001",
    ];
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      for (const address of addresses) {
        await page.goto(`/snapshots/${id}${address}`);
        // On a phone an opened record stands in place of its list.
        if (address.includes("record=")) await expect(page.getByText("Rules", { exact: true })).toBeVisible();
        else if (address.startsWith("?records")) {
          await expect(page.getByText(/^[\d,]+ records? shown$/)).toBeVisible();
        } else await expect(page.getByRole("tree")).toBeVisible();
        if (address.startsWith("?key")) {
          await expect(page.getByRole("region", { name: "Value" })).toContainText("ModifyIndex");
        }
        await expectToFit(page, `${address} at ${width} px`);
        await expectAccessible(page, `${address} at ${width} px`);
      }
    }
  });
}
