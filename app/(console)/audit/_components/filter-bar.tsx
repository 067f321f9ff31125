"use client";

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ChipOption, FilterChip } from "#app/_ui/chip.tsx";
import bar from "#app/_ui/filter-bar.module.css";
import { formatNumber } from "#app/_ui/format.ts";
import { StateIcon } from "#app/_ui/state-text.tsx";
import { states } from "#app/_ui/states.ts";
import type { AuditPage } from "#core/audit/contract.ts";
import { filterOutcomes, noFilters } from "../_lib/filters.ts";
import { auditFacetsQuery } from "../queries.ts";
import css from "./filters.module.css";
import { MoreFilters } from "./more-filters.tsx";
import { SearchField } from "./search-field.tsx";
import { TimeChip } from "./time-chip.tsx";
import type { AuditUrl } from "./use-audit-url.ts";

const outcomeOptions = filterOutcomes.map((outcome) => ({
  value: outcome,
  label: states[outcome].word,
  icon: <StateIcon state={outcome} size={14} />,
}));

/** The filters of the log; every one of them stands in the URL. */
export function FilterBar({ url, page }: { url: AuditUrl; page: AuditPage | undefined }) {
  const { filters, change, filtered } = url;
  const { actors, actions } = useOptions(page);
  return (
    <search className={`${bar.bar} ${css.bar}`} aria-label="Filter entries">
      <SearchField value={filters.q} onChange={(q) => change({ q })} />
      <FilterChip
        label="Actor"
        value={filters.actor}
        options={actors}
        onChange={(actor) => change({ actor })}
      />
      <FilterChip
        label="Action"
        value={filters.action}
        options={actions}
        onChange={(action) => change({ action })}
      />
      <FilterChip
        label="Result"
        value={filters.outcome}
        options={outcomeOptions}
        onChange={(value) => change({ outcome: filterOutcomes.find((outcome) => outcome === value) ?? null })}
      />
      <TimeChip value={filters.time} nowMs={url.nowMs} onChange={(time) => change({ time })} />
      <MoreFilters filters={filters} onChange={change} />
      {filtered && (
        <Button size="xs" variant="ghost" onClick={() => change(noFilters)}>
          Clear all
        </Button>
      )}
      <span className="grow" />
      <span className={`t3 fs12 nowrap tn ${bar.match}`} role="status">
        {page === undefined ? "" : countWords(page, filtered)}
      </span>
    </search>
  );
}

/** `312 of 18,442 entries`; counting stops somewhere, and then says so. */
function countWords({ total, totalIsExact, all }: AuditPage, filtered: boolean): string {
  const entries = `${formatNumber(all)} ${all === 1 ? "entry" : "entries"}`;
  if (!filtered) return entries;
  return `${totalIsExact ? "" : "more than "}${formatNumber(total)} of ${entries}`;
}

/** Names out of the whole log; those of the rows that are shown bridge the time until they are there. */
function useOptions(page: AuditPage | undefined): { actors: ChipOption[]; actions: ChipOption[] } {
  const { data } = useQuery(auditFacetsQuery);
  const rows = page?.rows ?? [];
  const actions = data?.actions ?? sorted(rows.map((row) => row.action));
  const areas = sorted(actions.map((action) => `${action.split(".", 1)[0]}.`));
  return {
    actors: (data?.actors ?? sorted(rows.map((row) => row.actorName))).map(toOption),
    actions: [
      ...areas.map((area) => ({ value: area, label: `${area}*`, hint: "all" })),
      ...actions.map(toOption),
    ],
  };
}

const toOption = (value: string): ChipOption => ({ value, label: value });
const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();
