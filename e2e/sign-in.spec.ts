import type { Browser, CDPSession, Page } from "@playwright/test";
import { Secret, TOTP } from "otpauth";
import { noteSecret } from "#core/testing/evidence.ts";
import { reservePorts } from "#core/testing/free-ports.ts";
import { type OidcProvider, oidcClient, startOidcProvider } from "#core/testing/oidc-provider.ts";
import { test as base, expect, watchConsole } from "./support/fixtures.ts";
import { admin, signUp, startSnapkeep } from "./support/snapkeep.ts";

/** A Snapkeep with an identity provider, at a host name: passkeys are bound to one. */
type House = { baseUrl: string; okta: OidcProvider };

const test = base.extend<object, { house: House }>({
  house: [
    async ({ browserName: _ }, use) => {
      const reserved = await reservePorts(1);
      const baseUrl = `http://localhost:${reserved.ports[0]}`;
      const okta = await startOidcProvider([`${baseUrl}/api/auth/callback/oidc`]);
      const snapkeep = await start(baseUrl, okta);
      await signUp(snapkeep);
      await use({ baseUrl, okta });
      await snapkeep.stop();
      await okta.remove();
      reserved.release();
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

function start(baseUrl: string, okta: OidcProvider) {
  const env = {
    SNAPKEEP_OIDC_ISSUER: okta.issuer,
    SNAPKEEP_OIDC_CLIENT_ID: oidcClient.id,
    SNAPKEEP_OIDC_CLIENT_SECRET: noteSecret(oidcClient.secret),
    SNAPKEEP_OIDC_NAME: "Okta",
    SNAPKEEP_OIDC_ROLES: "sre-leads=administrator, sre=operator",
  };
  return startSnapkeep(env, baseUrl);
}

async function open(browser: Browser, house: House, path = "/sign-in") {
  const context = await browser.newContext({ baseURL: house.baseUrl });
  const tab = await context.newPage();
  const errors = watchConsole(tab, [401]);
  await tab.goto(path);
  return { tab, close: () => context.close(), errors };
}

async function typePassword(tab: Page): Promise<void> {
  await tab.getByLabel("Username").fill(admin.username);
  await tab.getByLabel("Password", { exact: true }).fill(admin.password);
  await tab.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function signOut(tab: Page, name = admin.username): Promise<void> {
  await tab.getByRole("button", { name: new RegExp(name) }).click();
  await tab.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(tab).toHaveURL(/\/sign-in/);
}

const inTheConsole = (tab: Page) =>
  expect(tab.getByRole("link", { name: "Snapshots" }).first()).toBeVisible();

async function continueWithOkta(tab: Page, login: string): Promise<void> {
  await tab.getByRole("button", { name: "Continue with Okta" }).click();
  await tab.getByLabel("Login").fill(login);
  await tab.getByRole("button", { name: "Continue" }).click();
}

test("the identity provider's people come in with the roles of their groups, at the page they asked for", async ({
  browser,
  house,
}) => {
  const { tab, close, errors } = await open(browser, house, "/sign-in?next=%2Fsnapshots%3Fstate%3Dfailed");
  await continueWithOkta(tab, "grace");
  await expect(tab).toHaveURL(`${house.baseUrl}/snapshots?state=failed`);
  await inTheConsole(tab);
  const session = await (await tab.request.get("/api/v1/session")).json();
  expect(session).toMatchObject({ name: "grace@acme.example", role: "administrator" });
  expect(errors).toEqual([]);
  await close();
});

test("somebody without a group that counts reads why, and has no session", async ({ browser, house }) => {
  const { tab, close } = await open(browser, house);
  await continueWithOkta(tab, "mallory");
  await expect(tab.getByText("None of your groups at Okta has a role here.")).toBeVisible();
  expect((await tab.request.get("/api/v1/session")).status()).toBe(401);
  await close();
});

test("while the identity provider is down, the button says so and a local account signs in", async ({
  browser,
  house,
}) => {
  await house.okta.stop();
  const { tab, close } = await open(browser, house);
  await tab.getByRole("button", { name: "Continue with Okta" }).click();
  await expect(tab.getByText("Okta does not answer. Local accounts still work.")).toBeVisible();
  await typePassword(tab);
  await inTheConsole(tab);
  await house.okta.start();
  await close();
});

for (const next of ["//evil.example", "/\\evil.example", "https://evil.example", "/%09/evil.example"]) {
  test(`after signing in, next=${next} leads nowhere but to the start page`, async ({ browser, house }) => {
    const { tab, close } = await open(
      browser,
      house,
      `/sign-in?next=${encodeURIComponent(decodeURIComponent(next))}`,
    );
    await typePassword(tab);
    await inTheConsole(tab);
    expect(new URL(tab.url()).origin).toBe(house.baseUrl);
    expect(new URL(tab.url()).pathname).toBe("/");
    await close();
  });
}

/** A security key of the browser's own, which always says yes. */
async function addAuthenticator(tab: Page): Promise<CDPSession> {
  const devtools = await tab.context().newCDPSession(tab);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return devtools;
}

test("a passkey is added with the password, and signs in without name, password or code", async ({
  browser,
  house,
}) => {
  const { tab, close, errors } = await open(browser, house);
  await addAuthenticator(tab);
  await typePassword(tab);
  await inTheConsole(tab);
  await tab.goto("/account");
  await tab.getByRole("button", { name: "Add passkey…" }).click();
  const dialog = tab.getByRole("dialog");
  await dialog.getByLabel("Name").fill("laptop");
  await dialog.getByLabel("Your password").fill(admin.password);
  await dialog.getByRole("button", { name: "Add passkey" }).click();
  await expect(tab.getByRole("list", { name: "Passkeys" }).getByText("laptop")).toBeVisible();
  await signOut(tab);
  await tab.getByRole("button", { name: "Use a passkey" }).click();
  await inTheConsole(tab);
  expect(errors).toEqual([]);
  await close();
});

test("an authenticator app is asked for after the password; a code works once, and so does a recovery code", async ({
  browser,
  house,
}) => {
  const { tab, close, errors } = await open(browser, house);
  await typePassword(tab);
  await inTheConsole(tab);
  await tab.goto("/account");
  await tab.getByRole("button", { name: "Set up authenticator app…" }).click();
  const dialog = tab.getByRole("dialog");
  await dialog.getByLabel("Your password").fill(admin.password);
  await dialog.getByRole("button", { name: "Continue" }).click();
  const key = noteSecret(((await dialog.locator("code").first().textContent()) ?? "").replaceAll(" ", ""));
  const app = new TOTP({ secret: Secret.fromBase32(key) });
  const used = app.generate();
  await dialog.getByLabel("Code that the app shows").fill(used);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  const codes = dialog.getByRole("list", { name: "Recovery codes" }).locator("code");
  await expect(codes).toHaveCount(10);
  const [recoveryCode] = (await codes.allTextContents()).map((code) => noteSecret(code));
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await signOut(tab);

  await typePassword(tab);
  await tab.getByLabel("Code").fill(used);
  await tab.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(tab.getByText("This code is wrong or was used before.")).toBeVisible();
  await tab.getByLabel("Code").fill(app.generate({ timestamp: Date.now() + 30_000 }));
  await tab.getByRole("button", { name: "Sign in", exact: true }).click();
  await inTheConsole(tab);
  await signOut(tab);

  await typePassword(tab);
  await tab.getByRole("button", { name: "Use a recovery code" }).click();
  await tab.getByLabel("Recovery code").fill(recoveryCode ?? "");
  await tab.getByRole("button", { name: "Sign in", exact: true }).click();
  await inTheConsole(tab);

  // As it was, for the tests after this one.
  await tab.goto("/account");
  await tab.getByRole("button", { name: "Remove…" }).click();
  await dialog.getByLabel("Your password").fill(admin.password);
  await dialog.getByRole("button", { name: /Remove/ }).click();
  await expect(tab.getByRole("button", { name: "Set up authenticator app…" })).toBeVisible();
  expect(errors).toEqual([]);
  await close();
});
