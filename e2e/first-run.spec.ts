import { expect, test, watchConsole } from "./support/fixtures.ts";
import { admin, startSnapkeep } from "./support/snapkeep.ts";

test("the first run makes the admin by the printed token, connects a cluster and takes a snapshot", async ({
  browser,
  world,
}) => {
  const snapkeep = await startSnapkeep();
  const context = await browser.newContext({ baseURL: snapkeep.baseUrl });
  const page = await context.newPage();
  const errors = watchConsole(page);
  try {
    await page.goto("/");
    await expect(page).toHaveURL(/\/setup/);
    await page.getByLabel("Setup token").fill("not-the-token");
    await page.getByLabel("Username").fill(admin.username);
    await page.getByLabel("Password", { exact: true }).fill(admin.password);
    await page.getByRole("button", { name: "Create admin" }).click();
    await expect(page.getByText("This is not the setup token.")).toBeVisible();
    await page.getByLabel("Setup token").fill(snapkeep.setupToken);
    await page.getByRole("button", { name: "Create admin" }).click();

    await page.getByLabel("Cluster name").fill("prod-us");
    await page
      .getByLabel(/Consul address/)
      .first()
      .fill(world.dc1.httpAddress);
    await page.getByRole("textbox", { name: "ACL token" }).fill(world.dc1.token ?? "");
    await page.getByRole("button", { name: "Save and continue" }).click();
    await expect(page.getByText("How old may the newest good snapshot be")).toBeVisible();
    await page.getByRole("button", { name: "Save and continue" }).click();
    await page.getByRole("button", { name: "Take first snapshot" }).click();
    await page.waitForURL(/\/snapshots\/s-/);
    await expect(page.getByText("Verified").first()).toBeVisible();

    const clusters = await (await page.request.get("/api/v1/clusters")).text();
    expect(clusters).toContain("prod-us");
    expect(clusters).not.toContain(world.dc1.token ?? "no token");
    expect(errors).toEqual([]);
  } finally {
    await context.close();
    await snapkeep.stop();
  }
});
