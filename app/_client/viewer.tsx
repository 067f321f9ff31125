"use client";
import { createContext, type ReactNode, useContext } from "react";
import type { evaluate, Verdict, Viewer } from "#core/access/contract.ts";
import { covers, type Place } from "#core/kernel/permission.ts";

export type Permission = NonNullable<Parameters<typeof evaluate>[1]>;
/** What one permission comes to: where it holds (null: everywhere), and the reason for where it doesn't. */
export type Right = { reach: readonly Place[] | null; reason: string };
export type RightsByPermission = Partial<Record<Permission, Right>>;

type Value = { viewer: Viewer; rights: RightsByPermission };
const ViewerContext = createContext<Value | null>(null);

/**
 * The server evaluates every permission once per page and hands the result over, because importing the role table
 * here would bring the whole of zod (94 kB) into every page.
 */
export function ViewerProvider({ viewer, rights, children }: Value & { children: ReactNode }) {
  return <ViewerContext value={{ viewer, rights }}>{children}</ViewerContext>;
}

export function useViewer(): Viewer {
  return useValue().viewer;
}

/**
 * Whether the person may, and if not, the reason to show beside the disabled control.
 * @param place where; without, it is enough that it is allowed somewhere.
 */
export function useCan(permission: Permission, place?: Place): Verdict {
  const right = useValue().rights[permission];
  if (right === undefined) return { allowed: false, reason: "Not allowed" };
  if (mayIn(right, place)) return { allowed: true };
  return { allowed: false, reason: `${right.reason}${whereWords(right, place)}` };
}

/** The same question for many places, as a function. */
export function useCanIn(permission: Permission): (place: Place) => boolean {
  const right = useValue().rights[permission];
  return (place) => right !== undefined && mayIn(right, place);
}

/** Whoever holds the role elsewhere has to be told that it is the place which is missing. */
function whereWords({ reach }: Right, place: Place | undefined): string {
  if (reach === null || reach.length === 0 || place === undefined) return "";
  return place.clusterId === null ? " for all clusters" : " here";
}

function mayIn({ reach }: Right, place: Place | undefined): boolean {
  if (reach === null) return true;
  return place === undefined ? reach.length > 0 : reach.some((grant) => covers(grant, place));
}

function useValue(): Value {
  const value = useContext(ViewerContext);
  if (value === null) throw new Error("useViewer needs the console layout around it");
  return value;
}
