import "server-only";
import { headers } from "next/headers";
import { cache } from "react";
import type { Holder } from "#core/kernel/operation.ts";
import { getRuntime } from "./runtime.ts";

/** Whoever sent this request to the API: a program by its token, or a person by the session's cookie. */
export const requestCaller = cache(async (address: string, requestId: string): Promise<Holder | null> => {
  return getRuntime().callerOf(new Headers(await headers()), address, requestId);
});
