import type { SnapshotPage } from "#core/snapshots/contract.ts";
import { fetchArchive } from "#core/testing/consul-http.ts";
import { stored } from "./support/acts.ts";
import { expect, test } from "./support/fixtures.ts";

const uploads = "/api/v1/snapshots?source=upload";

async function choose(page: import("@playwright/test").Page, name: string, buffer: Buffer): Promise<void> {
  await page.goto("/snapshots");
  await page.getByRole("button", { name: "Upload" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("input[type=file]").setInputFiles({ name, mimeType: "application/gzip", buffer });
  await dialog.getByRole("button", { name: "Upload", exact: true }).click();
}

test("an archive from Consul's own API is verified and listed after its upload", async ({ page, world }) => {
  const archive = await fetchArchive(world.dc1);
  await choose(page, "from-the-shelf.snap", archive);
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("link", { name: "Open" }).click();
  await page.waitForURL(/\/snapshots\/s-/);
  await expect(page.getByText("Verified").first()).toBeVisible();
  const { rows } = await stored<SnapshotPage>(page, uploads);
  expect(rows[0]).toMatchObject({ state: "verified", source: "upload", archiveBytes: archive.length });
});

const wrong: [string, (archive: Buffer) => Buffer, RegExp][] = [
  ["garbage", () => Buffer.from("this is not a snapshot"), /gzip: invalid header/],
  ["a cut archive", (archive) => archive.subarray(0, archive.length - 4), /unexpected EOF/],
  [
    "an archive with one flipped bit",
    (archive) => {
      const copy = Buffer.from(archive);
      const middle = Math.floor(copy.length / 2);
      copy[middle] = (copy[middle] ?? 0) ^ 1;
      return copy;
    },
    /.+/,
  ],
];

for (const [what, spoil, reason] of wrong) {
  test(`${what} is refused with the reason and leaves nothing`, async ({ page, world }) => {
    const before = await stored<SnapshotPage>(page, uploads);
    // The browser logs the refusal itself as an error; it is what this test is about.
    page.removeAllListeners("console");
    await choose(page, "spoilt.snap", spoil(await fetchArchive(world.dc1)));
    const alert = page.getByRole("dialog").getByRole("alert").filter({ hasText: "Nothing was stored." });
    await expect(alert).toContainText(reason);
    const after = await stored<SnapshotPage>(page, uploads);
    expect(after.total).toBe(before.total);
  });
}
