import type { ReactNode } from "react";
import type { Tone } from "./states.ts";

type Toast = {
  tone: Extract<Tone, "good" | "warn" | "bad">;
  title: string;
  message?: ReactNode;
  /** Errors stay until they are closed; the rest goes after 6 s. */
  autoClose?: number | false;
  /** The same id replaces a toast instead of adding one. */
  id?: string;
};

/** Shows a message in the corner. The code for it loads with the first one: most pages never show any. */
export async function toast(given: Toast): Promise<void> {
  const { showToast } = await import("./toast-host.tsx");
  showToast({ ...given, autoClose: given.autoClose ?? (given.tone === "bad" ? false : 6_000) });
}
