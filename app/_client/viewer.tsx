"use client";
import { createContext, type ReactNode, useContext } from "react";
import type { evaluate, Verdict, Viewer } from "#core/access/contract.ts";

export type Permission = NonNullable<Parameters<typeof evaluate>[1]>;
export type Verdicts = Partial<Record<Permission, Verdict>>;

type Value = { viewer: Viewer; verdicts: Verdicts };
const ViewerContext = createContext<Value | null>(null);

/**
 * The server evaluates every permission once per page and hands the verdicts over, because importing the
 * role table here would bring the whole of zod (94 kB) into every page.
 */
export function ViewerProvider({ viewer, verdicts, children }: Value & { children: ReactNode }) {
  return <ViewerContext value={{ viewer, verdicts }}>{children}</ViewerContext>;
}

export function useViewer(): Viewer {
  return useValue().viewer;
}

/** Whether the person may, and if not, the reason to show beside the disabled control. */
export function useCan(permission: Permission): Verdict {
  return useValue().verdicts[permission] ?? { allowed: false, reason: "Not allowed" };
}

function useValue(): Value {
  const value = useContext(ViewerContext);
  if (value === null) throw new Error("useViewer needs the console layout around it");
  return value;
}
