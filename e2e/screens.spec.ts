import AxeBuilder from "@axe-core/playwright";
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
      test.setTimeout(150_000);
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize(sizes.wide);
      const id = await take(page, { datacenter: "dc1", note: `screens ${scheme} ${name}` });
      await page.setViewportSize(size);
      for (const address of pages) {
        await page.goto(address.replace(":id", id));
        await expect(page.getByRole("main")).toBeVisible();
        await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(wider, `${address} is wider than the screen`).toBeLessThanOrEqual(0);
        const { violations } = await new AxeBuilder({ page })
          .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
          .analyze();
        const words = violations.map(
          (found) =>
            `${found.id}: ${found.nodes
              .map((node) => node.html)
              .slice(0, 3)
              .join(" | ")}`,
        );
        expect(words, address).toEqual([]);
      }
    });
  }
}
