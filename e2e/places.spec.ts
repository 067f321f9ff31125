import { stored, take } from "./support/acts.ts";
import { expect, test, watchConsole } from "./support/fixtures.ts";
import { signInAs } from "./support/people.ts";

test("whoever operates one datacenter sees that one, and elsewhere why nothing can be done", async ({
  browser,
  page,
  world,
}) => {
  const own = await take(page, { datacenter: "dc1", note: "places, dc1" });
  const foreign = await take(page, { datacenter: "dc2", note: "places, dc2" });

  const storageState = await signInAs(
    world.snapkeep,
    "dc1-only",
    "--role operator --cluster default --datacenter dc1".split(" "),
  );
  const context = await browser.newContext({ baseURL: world.snapkeep.baseUrl, storageState });
  const tab = await context.newPage();
  const errors = watchConsole(tab, [404, 403]);

  await tab.goto("/snapshots");
  await expect(tab.getByRole("cell", { name: /^dc1/ }).first()).toBeVisible();
  await expect(tab.getByRole("cell", { name: /^dc2/ })).toHaveCount(0);
  const { rows } = await stored<{ rows: { id: string }[] }>(tab, "/api/v1/snapshots?limit=200");
  const ids = rows.map((row) => row.id);
  expect([ids.includes(own), ids.includes(foreign)]).toEqual([true, false]);

  await tab.goto(`/snapshots/${own}`);
  await expect(tab.getByRole("button", { name: /^Pin/ })).toBeEnabled();
  const download = tab.getByRole("button", { name: /^Download/ });
  await expect(download).toHaveAttribute("aria-disabled", "true");
  await expect(download).toHaveAccessibleDescription("Needs the role restorer or administrator");

  await tab.goto(`/snapshots/${foreign}`);
  await expect(tab.getByText("There is no such snapshot.")).toBeVisible();

  await tab.goto("/audit");
  await expect(tab.getByText(/Needs the role auditor or administrator/).first()).toBeVisible();
  await tab.goto("/clusters");
  await expect(tab.getByRole("button", { name: /^Add cluster/ })).toHaveAttribute("aria-disabled", "true");
  expect(errors).toEqual([]);
  await context.close();
});
