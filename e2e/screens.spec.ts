import { expectAccessible, expectToFit, still } from "./support/accessible.ts";
import { take } from "./support/acts.ts";
import { expect, test } from "./support/fixtures.ts";

const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const pages = [
  "/",
  "/snapshots",
  "/snapshots/:id",
  "/compare",
  "/restores",
  "/restores/new?snapshot=:id",
  "/restores/drills",
  "/restores/parts",
  "/clusters",
  "/audit",
];

test.describe.configure({ mode: "serial" });

for (const scheme of ["light", "dark"] as const) {
  for (const [name, size] of Object.entries(sizes)) {
    test(`every page is accessible and fits, ${scheme}, ${name}`, async ({ page }) => {
      test.setTimeout(300_000);
      await page.emulateMedia(still(scheme));
      await page.setViewportSize(sizes.wide);
      const id = await take(page, { datacenter: "dc1", note: `screens ${scheme} ${name}` });
      await page.setViewportSize(size);
      for (const address of pages) {
        await page.goto(address.replace(":id", id));
        await expect(page.getByRole("main")).toBeVisible();
        await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
        await expectToFit(page, address);
        await expectAccessible(page, address);
      }
    });
  }
}
