"use client";

import { Button } from "@mantine/core";
import { FilterChip, ToggleChip } from "#app/_ui/chip.tsx";
import bar from "#app/_ui/filter-bar.module.css";
import { formatNumber } from "#app/_ui/format.ts";
import { StateIcon } from "#app/_ui/state-text.tsx";
import { states } from "#app/_ui/states.ts";
import type { DatacenterSummary } from "#core/snapshots/contract.ts";
import { type HistoryFilters, isFiltered, noFilters } from "../../_lib/filters.ts";
import { filterSources, filterStates, sourceWords } from "../../_lib/vocabulary.ts";
import type { ColumnChoices } from "./columns.ts";
import { ColumnsMenu } from "./columns-menu.tsx";
import classes from "./filters.module.css";
import { SearchField } from "./search-field.tsx";
import { TakenChip } from "./taken-chip.tsx";

type NamedDatacenter = Pick<DatacenterSummary, "clusterId" | "clusterName" | "datacenter">;

type Props = {
  filters: HistoryFilters;
  onChange: (change: Partial<HistoryFilters>) => void;
  datacenters: readonly NamedDatacenter[];
  /** Rows that match; null until they are counted. */
  total: number | null;
  nowMs: number;
  choices: ColumnChoices;
  onChoices: (choices: ColumnChoices) => void;
};

const stateOptions = filterStates.map((state) => ({
  value: state,
  label: states[state].word,
  icon: <StateIcon state={state} size={14} />,
}));
const sourceOptions = filterSources.map((source) => ({ value: source, label: sourceWords[source] }));

/** The filters of the history; every one of them stands in the URL. */
export function FilterBar({ filters, onChange, datacenters, total, nowMs, choices, onChoices }: Props) {
  const filtered = isFiltered(filters);
  return (
    <search className={`${bar.bar} ${classes.bar}`} aria-label="Filter snapshots">
      <SearchField value={filters.q} onChange={(q) => onChange({ q })} />
      <DatacenterChip filters={filters} datacenters={datacenters} onChange={onChange} />
      <FilterChip
        label="State"
        value={filters.state}
        options={stateOptions}
        onChange={(value) => onChange({ state: filterStates.find((state) => state === value) ?? null })}
      />
      <FilterChip
        label="Source"
        value={filters.source}
        options={sourceOptions}
        onChange={(value) => onChange({ source: filterSources.find((source) => source === value) ?? null })}
      />
      <TakenChip value={filters.taken} nowMs={nowMs} onChange={(taken) => onChange({ taken })} />
      <ToggleChip
        label="Pinned"
        on={filters.pinned === true}
        onChange={(on) => onChange({ pinned: on ? true : null })}
      />
      {filtered && (
        <Button size="xs" variant="ghost" onClick={() => onChange(noFilters)}>
          Clear all
        </Button>
      )}
      <span className="grow" />
      <span className={`t3 fs12 nowrap ${bar.match}`} role="status">
        {total !== null && filtered ? `${formatNumber(total)} match` : ""}
      </span>
      <ColumnsMenu choices={choices} onChoices={onChoices} />
    </search>
  );
}

/** One chip for two parameters, because two clusters may both have a `dc1`. */
function DatacenterChip({
  filters,
  datacenters,
  onChange,
}: Pick<Props, "filters" | "datacenters" | "onChange">) {
  const toValue = (clusterId: string | null, datacenter: string): string =>
    `${clusterId ?? ""}/${datacenter}`;
  const options = datacenters.map((one) => ({
    value: toValue(one.clusterId, one.datacenter),
    label: one.datacenter,
    hint: one.clusterName,
  }));
  const exact = filters.datacenter === null ? null : toValue(filters.clusterId, filters.datacenter);
  // A link may name the datacenter alone; it then stands for every cluster that has one of that name.
  if (filters.datacenter !== null && !options.some((option) => option.value === exact)) {
    options.push({ value: exact ?? "", label: filters.datacenter, hint: "any cluster" });
  }
  return (
    <FilterChip
      label="Datacenter"
      value={exact}
      options={options}
      onChange={(next) => {
        const slash = next?.indexOf("/") ?? -1;
        if (next === null || slash === -1) onChange({ clusterId: null, datacenter: null });
        else onChange({ clusterId: next.slice(0, slash) || null, datacenter: next.slice(slash + 1) });
      }}
    />
  );
}
