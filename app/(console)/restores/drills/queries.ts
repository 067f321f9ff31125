import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson, withQuery } from "#app/_client/api.ts";
import { drillKeys } from "#app/_client/keys.ts";
import type {
  DrillAbility,
  DrillListInput,
  DrillPage,
  DrillRow,
  drillScheduleList,
} from "#core/drills/contract.ts";

type DrillScheduleList = ReturnType<(typeof drillScheduleList)["parse"]>;

const busyMs = 1_000;
const calmMs = 5_000;
const quietMs = 15_000;
const isRunning = (row: DrillRow): boolean => row.state === "running";

/** Drills, newest first. It is asked for every second while one runs. */
export const drillListQuery = (input: DrillListInput) =>
  queryOptions({
    queryKey: drillKeys.list(input),
    queryFn: ({ signal }) => getJson<DrillPage>(withQuery("/api/v1/drills", input), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.rows.some(isRunning) ? busyMs : calmMs),
  });

/** One that has ended never changes again. */
export const drillQuery = (id: string) =>
  queryOptions({
    queryKey: drillKeys.detail(id),
    queryFn: ({ signal }) => getJson<DrillRow>(`/api/v1/drills/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: (query) =>
      query.state.data === undefined || isRunning(query.state.data) ? busyMs : false,
  });

export const drillSchedulesQuery = queryOptions({
  queryKey: drillKeys.schedules,
  queryFn: ({ signal }) => getJson<DrillScheduleList>("/api/v1/drill-schedules", { signal }),
  refetchInterval: quietMs,
});

/** Asks the machine for a consul each time, since one may be installed meanwhile. */
export const drillAbilityQuery = queryOptions({
  queryKey: drillKeys.ability,
  queryFn: ({ signal }) => getJson<DrillAbility>("/api/v1/drills/ability", { signal }),
});
