import { expect, type Locator, type Page } from "@playwright/test";

/** Acts of a person, by the names that they see. */

/** Opens the take dialog. */
export async function openTake(page: Page): Promise<Locator> {
  await page.goto("/snapshots");
  await page.getByRole("button", { name: "Take snapshot" }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading", { name: "Take snapshot" })).toBeVisible();
  return dialog;
}

export async function chooseDatacenter(page: Page, dialog: Locator, name: string): Promise<void> {
  await dialog
    .getByRole("textbox", { name: "Datacenter" })
    .or(dialog.getByRole("combobox", { name: "Datacenter" }))
    .or(dialog.getByLabel("Datacenter", { exact: true }))
    .first()
    .click();
  await page.getByRole("option", { name: new RegExp(`^${name}\\b`) }).click();
}

/** Takes one and waits until it is stored. @returns its id, from the page that opens. */
export async function take(
  page: Page,
  options: { datacenter: string; stale?: boolean; note?: string },
): Promise<string> {
  const dialog = await openTake(page);
  await chooseDatacenter(page, dialog, options.datacenter);
  if (options.stale) await dialog.getByRole("radio", { name: "Stale" }).click();
  if (options.note !== undefined) await dialog.getByLabel(/^Note/).fill(options.note);
  await dialog.getByRole("button", { name: "Take snapshot" }).click();
  await expect(page.getByText("Stored and verified.", { exact: true })).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "Open" }).click();
  await page.waitForURL(/\/snapshots\/s-/);
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

/** The page of the API that a screen shows; for what is stored, not for what a toast says. */
export async function stored<T>(page: Page, path: string): Promise<T> {
  const answer = await page.request.get(path);
  expect(answer.status(), path).toBe(200);
  return (await answer.json()) as T;
}
