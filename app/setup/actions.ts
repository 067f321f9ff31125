"use server";

import { headers } from "next/headers";
import { type ActionResult, asResult } from "#app/_server/action.ts";
import { requestContext } from "#app/_server/request.ts";
import { getRuntime } from "#app/_server/runtime.ts";
import { passCookies, toViewer } from "#app/_server/session.ts";
import type { SetupInput, Viewer } from "#core/access/contract.ts";

export async function createFirstAdmin(input: SetupInput): Promise<ActionResult<Viewer>> {
  const context = await requestContext("action");
  return asResult(context.requestId, async () => {
    const { caller, setCookies } = await getRuntime().sessions.createFirstAdmin(
      input,
      new Headers(await headers()),
      context,
    );
    await passCookies(setCookies);
    return toViewer(caller);
  });
}
