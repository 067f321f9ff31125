import "server-only";
import { parseSetCookieHeader } from "better-auth/cookies";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Viewer } from "#core/access/contract.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { RequestContext } from "#core/kernel/operation.ts";
import type { Runtime } from "#core/runtime/index.ts";
import { getRuntime } from "./runtime.ts";

type SignedInPerson = Awaited<ReturnType<Runtime["sessions"]["signIn"]>>;

/** The person behind this request, or null. Asked once per request. */
export const currentCaller = cache(async () =>
  getRuntime().sessions.authenticate(new Headers(await headers())),
);

/** The person as pages see them, or null. */
export async function currentViewer(): Promise<Viewer | null> {
  const caller = await currentCaller();
  return caller === null ? null : { userId: caller.userId, name: caller.name, role: caller.role };
}

/** For every page of the console: nobody sees one without a session. */
export async function requireViewer(): Promise<Viewer> {
  const viewer = await currentViewer();
  if (viewer !== null) return viewer;
  if (await getRuntime().sessions.setupNeeded()) redirect("/setup");
  redirect("/sign-in");
}

/** Passes the sign-in library's cookies on through Next. */
export async function passCookies(setCookies: string[]): Promise<void> {
  const jar = await cookies();
  for (const line of setCookies) {
    for (const [name, cookie] of parseSetCookieHeader(line)) {
      jar.set(name, decodeURIComponent(cookie.value), {
        httpOnly: true,
        path: cookie.path ?? "/",
        sameSite: "lax",
        secure: cookie.secure ?? false,
        ...(cookie["max-age"] === undefined ? {} : { maxAge: cookie["max-age"] }),
      });
    }
  }
}

/** @throws AppError `unauthenticated`. */
export async function requireCaller() {
  const caller = await currentCaller();
  if (caller !== null) return caller;
  throw new AppError({ code: "unauthenticated", userMessage: "Sign in to go on." });
}

/** The JSON answer to a sign-in, with the library's cookies as they are. */
export function signedInResponse(signedIn: SignedInPerson, context: RequestContext): Response {
  const answer = new Headers({ "cache-control": "no-store", "x-request-id": context.requestId });
  for (const line of signedIn.setCookies) answer.append("set-cookie", line);
  const { userId, name, role } = signedIn.caller;
  return Response.json({ userId, name, role }, { status: 200, headers: answer });
}
