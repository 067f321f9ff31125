import type { RestoreDetail } from "#core/restore/contract.ts";
import { callConsul, readKey, writeKey } from "#core/testing/consul-http.ts";
import { stored, take } from "./support/acts.ts";
import { expect, test, watchConsole } from "./support/fixtures.ts";
import { signInAs } from "./support/people.ts";

test("a restore into a guarded cluster waits for somebody else's yes, and both see the same live", async ({
  browser,
  page,
  world,
}) => {
  test.setTimeout(360_000);
  const key = "checkout/config/guarded";
  await writeKey(world.dc1, key, "before");
  const id = await take(page, { datacenter: "dc1", note: "for two" });
  await callConsul(world.dc1, "DELETE", `/v1/kv/${key}`);
  const made = await page.request.post("/api/v1/clusters", {
    headers: { origin: world.snapkeep.baseUrl },
    data: {
      name: "guarded",
      addresses: [world.dc1.httpAddress],
      token: world.federation.managementToken ?? "",
      restoreApproval: "second-person",
    },
  });
  const { id: clusterId } = (await made.json()) as { id: string };
  const asked = await page.request.post("/api/v1/restores/preflights", {
    headers: { origin: world.snapkeep.baseUrl },
    data: { snapshotId: id, clusterId, datacenter: "dc1" },
  });
  const { id: preflightId } = (await asked.json()) as { id: string };

  await page.goto(`/restores/new?snapshot=${id}&preflight=${preflightId}`);
  await expect(page.getByText(/nothing blocks/).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/Somebody else has to agree/).first()).toBeVisible();
  const boxes = page.getByRole("group", { name: "Warnings to accept" }).getByRole("checkbox");
  // The key that was deleted since makes one at least.
  await expect(boxes).not.toHaveCount(0);
  for (const box of await boxes.all()) await box.check();
  await page.getByLabel("Reason").fill("CHG-4821");
  await page.getByLabel(/^Type .* to confirm$/).fill("dc1");
  await page.getByRole("button", { name: "Ask for approval" }).click();
  await page.waitForURL(/\/restores\/r-/);
  await expect(
    page.getByRole("heading", { name: "The restore of dc1 waits for a second person" }),
  ).toBeVisible();
  const approve = /^Approve: restore dc1 to /;
  await expect(page.getByRole("button", { name: approve })).toHaveAttribute("aria-disabled", "true");
  expect(await readKey(world.dc1, key)).toBeNull();

  const storageState = await signInAs(world.snapkeep, "ops-second", ["--role", "restorer"]);
  const context = await browser.newContext({ baseURL: world.snapkeep.baseUrl, storageState });
  const second = await context.newPage();
  const errors = watchConsole(second);
  await second.goto(new URL(page.url()).pathname);
  await expect(second.getByText("ops-primary asks to restore dc1", { exact: false })).toBeVisible();
  await second.getByRole("button", { name: approve }).click();

  // Nobody reloads: the requester's page goes on by itself.
  for (const one of [second, page])
    await expect(one.getByRole("heading", { name: /^dc1 is back to / })).toBeVisible({ timeout: 90_000 });
  expect(await readKey(world.dc1, key)).toBe("before");
  const restoreId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const detail = await stored<RestoreDetail>(page, `/api/v1/restores/${restoreId}`);
  expect(detail).toMatchObject({ state: "succeeded", approval: { state: "approved", byName: "ops-second" } });
  await second.getByRole("button", { name: "Finish the watch" }).click();
  await expect(page.getByRole("button", { name: "Finish the watch" })).toHaveCount(0, { timeout: 60_000 });
  expect(errors).toEqual([]);
  await context.close();
  // Other tests of this worker choose datacenters by name.
  const headers = { origin: world.snapkeep.baseUrl };
  const removed = await page.request.delete(`/api/v1/clusters/${clusterId}`, { headers });
  expect(removed.status(), await removed.text()).toBe(200);
});
