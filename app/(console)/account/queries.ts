import { queryOptions } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { accountKeys } from "#app/_client/keys.ts";
import { getAccount, listPasskeys, listSessions } from "./actions.ts";

/* One's own account is no part of the JSON API, which programs use: these ask by actions. */
export const accountQuery = queryOptions({
  queryKey: accountKeys.one,
  queryFn: () => unwrapped(getAccount({})),
});

export const sessionsQuery = queryOptions({
  queryKey: accountKeys.sessions,
  queryFn: () => unwrapped(listSessions({})),
});

export const passkeysQuery = queryOptions({
  queryKey: accountKeys.passkeys,
  queryFn: () => unwrapped(listPasskeys({})),
});
