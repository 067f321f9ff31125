import { headers } from "next/headers";
import { answer, readBody } from "#app/_server/route.ts";
import { getRuntime } from "#app/_server/runtime.ts";
import { signedInResponse } from "#app/_server/session.ts";

export const POST = (request: Request) =>
  answer(async (context) => {
    const body = await readBody(request);
    const input = {
      username: String(body.username ?? ""),
      password: String(body.password ?? ""),
      ...(body.newPassword === undefined ? {} : { newPassword: String(body.newPassword) }),
    };
    return signedInResponse(
      await getRuntime().sessions.signIn(input, new Headers(await headers()), context),
      context,
    );
  });
