"use server";

import { headers } from "next/headers";
import { type ActionResult, asResult } from "#app/_server/action.ts";
import { requestContext } from "#app/_server/request.ts";
import { getRuntime } from "#app/_server/runtime.ts";
import { passCookies } from "#app/_server/session.ts";
import type {
  PasskeySignInInput,
  SecondFactorInput,
  SignInInput,
  SignInStep,
} from "#core/access/contract.ts";

type Sessions = ReturnType<typeof getRuntime>["sessions"];
type RequestContext = Parameters<Sessions["signIn"]>[2];
type Answer = { next: SignInStep; setCookies: string[] };

/** Runs one step of a sign-in; its cookies go to the browser, the rest of the answer stays here. */
async function step(
  work: (sessions: Sessions, received: Headers, context: RequestContext) => Promise<Answer>,
): Promise<ActionResult<SignInStep>> {
  const context = await requestContext("action");
  return asResult(context.requestId, async () => {
    const { next, setCookies } = await work(getRuntime().sessions, new Headers(await headers()), context);
    await passCookies(setCookies);
    return next;
  });
}

export async function signIn(input: SignInInput): Promise<ActionResult<SignInStep>> {
  return step((sessions, received, context) => sessions.signIn(input, received, context));
}

export async function secondFactor(input: SecondFactorInput): Promise<ActionResult<SignInStep>> {
  return step((sessions, received, context) => sessions.secondFactor(input, received, context));
}

export async function beginPasskey(): Promise<ActionResult<Awaited<ReturnType<Sessions["beginPasskey"]>>>> {
  const context = await requestContext("action");
  return asResult(context.requestId, () => getRuntime().sessions.beginPasskey());
}

export async function passkey(input: PasskeySignInInput): Promise<ActionResult<SignInStep>> {
  return step((sessions, received, context) => sessions.passkey(input, received, context));
}

/** @returns the identity provider's page, for the browser to go to. */
export async function beginProvider(next: string): Promise<ActionResult<string>> {
  const context = await requestContext("action");
  return asResult(context.requestId, async () => {
    const begun = await getRuntime().sessions.beginProvider(next, new Headers(await headers()));
    await passCookies(begun.setCookies);
    return begun.url;
  });
}

export async function signOut(): Promise<ActionResult<null>> {
  const context = await requestContext("action");
  return asResult(context.requestId, async () => {
    await passCookies(await getRuntime().sessions.signOut(new Headers(await headers()), context));
    return null;
  });
}
