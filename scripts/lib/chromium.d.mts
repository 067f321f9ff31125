/** A null path means the browser that Playwright manages itself: give it no `executablePath`. */
export interface Chromium {
  path: string | null;
  version: string | null;
  source: "CHROMIUM_BIN" | "PATH" | "debian" | "playwright";
}
export function findChromium(options: { fetch: boolean; say?: (text: string) => void }): Promise<Chromium>;
