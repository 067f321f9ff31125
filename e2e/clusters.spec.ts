import type { ClusterView } from "#core/clusters/contract.ts";
import { stored } from "./support/acts.ts";
import { expect, test } from "./support/fixtures.ts";

test("a cluster is tested, added, edited without its token, and removed", async ({ page, world }) => {
  await page.goto("/clusters");
  await page.getByRole("button", { name: "Add cluster…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Cluster name").fill("second-door");
  await dialog
    .getByLabel(/Consul address/)
    .first()
    .fill(world.dc2.httpAddress);
  await dialog.getByRole("textbox", { name: "ACL token" }).fill(world.federation.managementToken ?? "");
  await dialog.getByRole("button", { name: /Test/ }).first().click();
  await expect(dialog.getByText("Reached")).toBeVisible();
  await expect(dialog.getByText("Leader known")).toBeVisible();
  await dialog.getByRole("button", { name: /^(?:Save|Add cluster)/ }).click();
  await expect(page.getByRole("row").filter({ hasText: "second-door" })).toBeVisible();
  const read = async () =>
    (await stored<{ clusters: ClusterView[] }>(page, "/api/v1/clusters")).clusters.find(
      (one) => one.source === "console",
    );
  expect(await read()).toMatchObject({ hasToken: true, addresses: [world.dc2.httpAddress] });

  await page.getByRole("row").filter({ hasText: "second-door" }).getByRole("button").last().click();
  await page.getByRole("menuitem", { name: /^Edit/ }).click();
  await page.getByRole("dialog").getByLabel("Cluster name").fill("renamed-door");
  await page.getByRole("dialog").getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByRole("row").filter({ hasText: "renamed-door" })).toBeVisible();
  expect(await read()).toMatchObject({ name: "renamed-door", hasToken: true });

  await page.getByRole("row").filter({ hasText: "renamed-door" }).getByRole("button").last().click();
  await page.getByRole("menuitem", { name: /^Remove/ }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Remove/ })
    .click();
  await expect(page.getByRole("row").filter({ hasText: "renamed-door" })).toHaveCount(0);
  expect(await read()).toBeUndefined();
});
