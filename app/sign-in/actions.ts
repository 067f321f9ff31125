"use server";

import { headers } from "next/headers";
import { type ActionResult, asResult } from "#app/_server/action.ts";
import { requestContext } from "#app/_server/request.ts";
import { getRuntime } from "#app/_server/runtime.ts";
import { passCookies } from "#app/_server/session.ts";
import type { SignInInput, Viewer } from "#core/access/contract.ts";

export async function signIn(input: SignInInput): Promise<ActionResult<Viewer>> {
  const context = await requestContext("action");
  return asResult(context.requestId, async () => {
    const { caller, setCookies } = await getRuntime().sessions.signIn(
      input,
      new Headers(await headers()),
      context,
    );
    await passCookies(setCookies);
    return { userId: caller.userId, name: caller.name, role: caller.role };
  });
}

export async function signOut(): Promise<ActionResult<null>> {
  const context = await requestContext("action");
  return asResult(context.requestId, async () => {
    await passCookies(await getRuntime().sessions.signOut(new Headers(await headers()), context));
    return null;
  });
}
