import "server-only";
import { headers } from "next/headers";
import type { RequestContext } from "#core/kernel/operation.ts";

/** Who sent this request and under which id: server/main.ts wrote both into its headers. */
export async function requestContext(door: RequestContext["door"]): Promise<RequestContext> {
  const received = await headers();
  return {
    requestId: received.get("x-request-id") ?? "req-unknown",
    address: received.get("x-snapkeep-address") ?? "unknown",
    userAgent: received.get("user-agent")?.slice(0, 300) ?? null,
    door,
  };
}
