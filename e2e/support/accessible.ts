import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "./fixtures.ts";

/** Less movement, in this colour scheme. What moves all the same is waited for by {@link expectAccessible}. */
export const still = (colorScheme: "light" | "dark") => ({ colorScheme, reducedMotion: "reduce" }) as const;

/** @param where what the page shows, for the words of a failure. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  await untilNothingMoves(page);
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
    .analyze();
  const words = violations.map(({ id, nodes }) => {
    const first = nodes.slice(0, 3).map(({ html }) => html);
    return `${id}: ${first.join(" | ")}`;
  });
  expect(words, where).toEqual([]);
}

export async function expectToFit(page: Page, where: string): Promise<void> {
  const wider = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await expect.poll(wider, { message: `${where} is wider than the screen` }).toBeLessThanOrEqual(0);
}

/** A dialog that is coming in has half its colours, and half a colour has half the contrast. */
async function untilNothingMoves(page: Page): Promise<void> {
  // What turns for ever, like a mark that something loads, is no movement that ends.
  const moving = () =>
    page.evaluate(
      () =>
        document
          .getAnimations()
          .filter(
            ({ playState, effect }) =>
              playState === "running" && effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY,
          ).length,
    );
  await expect.poll(moving, { message: "movements that go on" }).toBe(0);
}
