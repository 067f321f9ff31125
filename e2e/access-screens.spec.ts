import type { Page } from "@playwright/test";
import { Secret, TOTP } from "otpauth";
import { noteSecret } from "#core/testing/evidence.ts";
import { expectAccessible, expectToFit, still } from "./support/accessible.ts";
import { stored } from "./support/acts.ts";
import { expect, test } from "./support/fixtures.ts";
import { admin } from "./support/snapkeep.ts";

type Tokens = {
  tokens: { name: string; state: string; grants: { role: string; datacenter: string | null }[] }[];
};

/** Adds somebody through the dialog. @returns the one-time password, which is shown once. */
async function addPerson(page: Page, name: string, role: RegExp): Promise<string> {
  await page.goto("/access");
  await page.getByRole("button", { name: "Add person…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Username").fill(name);
  await choose(page, "Role 1", role);
  await choose(page, "Where role 1 holds", /^dc1 in /);
  await dialog.getByRole("button", { name: "Add person" }).click();
  await expect(dialog.getByText("Shown once.")).toBeVisible();
  const password = noteSecret((await dialog.locator("code").textContent()) ?? "");
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("button", { name: `Actions for ${name}` })).toBeVisible();
  return password;
}

async function choose(page: Page, label: string, option: RegExp): Promise<void> {
  const field = page.getByRole("dialog").getByLabel(label, { exact: true }).first();
  await field.click();
  await page.getByRole("option", { name: option }).click();
}

const menu = async (page: Page, name: string, item: string) => {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
  return page.getByRole("dialog");
};

test("a person is added for one datacenter, disabled and removed, and nobody can remove the last administrator", async ({
  page,
}) => {
  const password = await addPerson(page, "screens-sam", /^restorer/);
  expect(password.length).toBeGreaterThan(11);
  const row = page.getByRole("row", { name: /screens-sam/ });
  await expect(row).toContainText(/restorer dc1 in /);
  await expect(row).toContainText("One-time password");
  // The password is in no query and in no dialog that is opened later; the one that showed it needs a moment to go.
  await expect.poll(() => page.content()).not.toContain(password);

  const disable = await menu(page, "screens-sam", "Disable…");
  await expect(disable.getByRole("button", { name: "Cancel" })).toBeFocused();
  await disable.getByRole("button", { name: "Disable screens-sam" }).click();
  await expect(row).toContainText("Disabled");
  await expect(page.getByRole("button", { name: "Actions for screens-sam" })).toBeFocused();

  const remove = await menu(page, "screens-sam", "Remove…");
  await remove.getByRole("button", { name: "Remove screens-sam" }).click();
  await expect(row).toHaveCount(0);

  await page.getByRole("button", { name: `Actions for ${admin.username}` }).click();
  await expect(page.getByRole("menuitem", { name: "Remove…" })).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByRole("menu")).toContainText("last administrator");
});

test("a token is shown once, works, and is refused from its revocation on", async ({ page, world }) => {
  await page.goto("/access?tab=tokens");
  await page.getByRole("button", { name: "New token…" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("screens-ci");
  await choose(page, "Role 1", /^operator/);
  await dialog.getByRole("button", { name: "Make token" }).click();
  await expect(dialog.getByText("Shown once.")).toBeVisible();
  const text = (await dialog.locator("code").first().textContent()) ?? "";
  noteSecret(text);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toBeHidden();
  const isInPage = async () => (await page.content()).includes(text);
  await expect.poll(isInPage, { message: "the token is still in the page" }).toBe(false);

  const ask = () =>
    fetch(`${world.snapkeep.baseUrl}/api/v1/snapshots`, { headers: { authorization: `Bearer ${text}` } });
  expect((await ask()).status).toBe(200);
  const { tokens } = await stored<Tokens>(page, "/api/v1/tokens");
  expect(tokens.find(({ name }) => name === "screens-ci")?.grants[0]?.role).toBe("operator");

  const revoke = await menu(page, "screens-ci", "Revoke…");
  await revoke.getByRole("button", { name: "Revoke screens-ci" }).click();
  await expect(page.getByRole("button", { name: /^Revoked and expired/ })).toBeVisible();
  expect((await ask()).status).toBe(401);
});

test("an authenticator app is set up with its first code and removed with the password", async ({ page }) => {
  await page.goto("/account");
  await page.getByRole("button", { name: "Set up authenticator app…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Your password").fill(admin.password);
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(dialog.getByRole("img", { name: /^QR code/ })).toBeVisible();
  const secret = noteSecret(((await dialog.locator("code").first().textContent()) ?? "").replaceAll(" ", ""));
  await dialog
    .getByLabel("Code that the app shows")
    .fill(new TOTP({ secret: Secret.fromBase32(secret) }).generate());
  await dialog.getByRole("button", { name: "Confirm" }).click();
  const codes = dialog.getByRole("list", { name: "Recovery codes" }).locator("code");
  await expect(codes).toHaveCount(10);
  for (const code of await codes.allTextContents()) noteSecret(code);
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await expect(page.getByText("10 recovery codes left")).toBeVisible();

  await page.getByRole("button", { name: "Remove…" }).click();
  await page.getByRole("dialog").getByLabel("Your password").fill(admin.password);
  await page.keyboard.press("Enter");
  // Enter does nothing here: what can't be undone takes its own button.
  await page.getByRole("dialog").getByRole("button", { name: "Remove authenticator app" }).click();
  await expect(page.getByRole("button", { name: "Set up authenticator app…" })).toBeVisible();
});

test("the reference shows every endpoint of the document and finds them by words", async ({ page }) => {
  const document = await stored<{ paths: Record<string, Record<string, unknown>> }>(
    page,
    "/api/v1/openapi.json",
  );
  const count = Object.values(document.paths).reduce((sum, item) => sum + Object.keys(item).length, 0);
  await page.goto("/api-reference");
  await expect(page.getByText(`${count} endpoints`)).toBeVisible();
  await page.getByLabel("Find endpoint").fill("restore.run post");
  await expect(page.locator("#post-restores")).toBeVisible();
  await expect(page.locator("#get-snapshots")).toHaveCount(0);
  await page.locator("#post-restores > summary").click();
  await expect(page.getByRole("list", { name: "Body of POST /restores" })).toContainText("confirmDatacenter");
});

const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const addresses = [
  "/access",
  "/access?tab=tokens",
  "/access?tab=roles",
  "/access?tab=sign-in",
  "/account",
  "/api-reference",
];

for (const scheme of ["light", "dark"] as const) {
  for (const [name, size] of Object.entries(sizes)) {
    test(`the screens of access are accessible and fit, ${scheme}, ${name}`, async ({ page }) => {
      test.setTimeout(240_000);
      await page.emulateMedia(still(scheme));
      await page.setViewportSize(size);
      for (const address of addresses) {
        await page.goto(address);
        await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
        await expect(page.locator("[aria-busy='true']")).toHaveCount(0);
        await expectToFit(page, address);
        await expectAccessible(page, address);
      }
    });
  }
}
