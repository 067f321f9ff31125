import { headers } from "next/headers";
import { answer } from "#app/_server/route.ts";
import { getRuntime } from "#app/_server/runtime.ts";

type Params = { params: Promise<{ providerId: string }> };

/** Where the identity provider sends people back to. The only path of the sign-in library that is open. */
export const GET = (request: Request, { params }: Params) =>
  answer(async (context) => {
    if ((await params).providerId !== "oidc") return new Response(null, { status: 404 });
    const query = new URL(request.url).search.slice(1);
    const { to, setCookies } = await getRuntime().sessions.finishProvider(
      query,
      new Headers(await headers()),
      context,
    );
    const on = new Headers({ location: to, "cache-control": "no-store", "x-request-id": context.requestId });
    for (const line of setCookies) on.append("set-cookie", line);
    return new Response(null, { status: 303, headers: on });
  });
