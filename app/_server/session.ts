import "server-only";
import { parseSetCookieHeader } from "better-auth/cookies";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { nextPath, type Viewer } from "#core/access/contract.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { RequestContext } from "#core/kernel/operation.ts";
import type { Runtime } from "#core/runtime/index.ts";
import { getRuntime } from "./runtime.ts";

type SignInAnswer = Awaited<ReturnType<Runtime["sessions"]["signIn"]>>;
type SignedInPerson = Awaited<ReturnType<Runtime["sessions"]["createFirstAdmin"]>>;

/** The person behind this request, or null. Asked once per request. */
export const currentCaller = cache(async () =>
  getRuntime().sessions.authenticate(new Headers(await headers())),
);

/** The person as pages see them, or null. */
export async function currentViewer(): Promise<Viewer | null> {
  const caller = await currentCaller();
  return caller === null ? null : toViewer(caller);
}

export function toViewer({ userId, name, role, grants }: Viewer): Viewer {
  return { userId, name, role, grants };
}

/** For every page of the console: nobody sees one without a session. */
export async function requireViewer(): Promise<Viewer> {
  const viewer = await currentViewer();
  if (viewer !== null) return viewer;
  if (await getRuntime().sessions.setupNeeded()) redirect("/setup");
  const next = await askedFor();
  redirect(next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`);
}

/** The page that was asked for, to come back to; the server in front writes it into the headers. */
async function askedFor(): Promise<string> {
  const url = new URL(nextPath((await headers()).get("x-snapkeep-path")), "http://snapkeep.invalid");
  // Next's own mark on the requests of a navigation.
  url.searchParams.delete("_rsc");
  return `${url.pathname}${url.search}`;
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
export function signedInResponse(signedIn: SignedInPerson | SignInAnswer, context: RequestContext): Response {
  const answer = new Headers({ "cache-control": "no-store", "x-request-id": context.requestId });
  for (const line of signedIn.setCookies) answer.append("set-cookie", line);
  const body = signedIn.caller === null ? { next: signedIn.next } : toViewer(signedIn.caller);
  return Response.json(body, { status: 200, headers: answer });
}
