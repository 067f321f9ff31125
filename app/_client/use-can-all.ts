"use client";
import type { Verdict } from "#core/access/contract.ts";
import type { Place } from "#core/kernel/permission.ts";
import { type Permission, useCan, useCanIn } from "./viewer.tsx";

/** `useCan` where each of several places has to allow it; without any, it is enough that it is allowed somewhere. */
export function useCanAll(permission: Permission, places: readonly Place[] | undefined): Verdict {
  const can = useCanIn(permission);
  return useCan(permission, places?.find((place) => !can(place)) ?? places?.[0]);
}
