import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test, watchConsole } from "./support/fixtures.ts";
import { admin } from "./support/snapkeep.ts";

/** Every page there is, from the folders, so that a new one is covered without a word here. */
function allPages(): string[] {
  return readdirSync("app", { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === "page.tsx")
    .map((file) => {
      const parts = path
        .dirname(file)
        .split(path.sep)
        .filter((part) => !/^\(.*\)$/.test(part) && part !== ".");
      return `/${parts.map((part) => part.replace(/^\[.*\]$/, "s-000000000000")).join("/")}`;
    });
}

const open = ["/sign-in", "/setup"];

for (const page of allPages().filter((path) => !open.includes(path))) {
  test(`${page} is not shown without a session`, async ({ browser, world }) => {
    const context = await browser.newContext({ baseURL: world.snapkeep.baseUrl });
    const tab = await context.newPage();
    await tab.goto(page);
    await expect(tab).toHaveURL(/\/sign-in/);
    await context.close();
  });
}

test("a wrong password says one sentence, the right one opens the console, signing out ends it", async ({
  browser,
  world,
}) => {
  const context = await browser.newContext({ baseURL: world.snapkeep.baseUrl });
  const tab = await context.newPage();
  // A page that still polls while its session ends is refused, which the browser logs.
  const errors = watchConsole(tab, [401]);
  await tab.goto("/sign-in");
  await tab.getByLabel("Username").fill(admin.username);
  await tab.getByLabel("Password", { exact: true }).fill("not the password");
  await tab.getByRole("button", { name: "Sign in" }).click();
  await expect(tab.getByText("The user name or the password is wrong.")).toBeVisible();

  await tab.getByLabel("Password", { exact: true }).fill(admin.password);
  await tab.getByRole("button", { name: "Sign in" }).click();
  await expect(tab.getByRole("link", { name: "Snapshots" }).first()).toBeVisible();
  const jar = await context.cookies();
  expect(jar.every((cookie) => cookie.httpOnly && cookie.sameSite === "Lax")).toBe(true);

  await tab.getByRole("button", { name: new RegExp(admin.username) }).click();
  await tab.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(tab).toHaveURL(/\/sign-in/);
  expect((await tab.request.get("/api/v1/snapshots")).status()).toBe(401);
  expect(errors).toEqual([]);
  await context.close();
});
