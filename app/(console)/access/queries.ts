import { queryOptions } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { getJson } from "#app/_client/api.ts";
import { peopleKeys, tokenKeys } from "#app/_client/keys.ts";
import type { TokenView } from "#core/tokens/contract.ts";
import { listPeople } from "./actions.ts";

/** People are no part of the JSON API, so this one asks by an action. */
export const peopleQuery = queryOptions({
  queryKey: peopleKeys.list,
  queryFn: () => unwrapped(listPeople({})),
});

export const tokensQuery = queryOptions({
  queryKey: tokenKeys.list,
  queryFn: ({ signal }) => getJson<{ tokens: TokenView[] }>("/api/v1/tokens", { signal }),
});
