"use client";
import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { FilterChip } from "#app/_ui/chip.tsx";
import { StateIcon } from "#app/_ui/state-text.tsx";
import { stateSpec } from "#app/_ui/states.ts";
import type { AuditEntry } from "#core/audit/contract.ts";
import css from "./audit-filters.module.css";
import { knownActions, outcomeOptions } from "./audit-words.ts";
import type { AuditFilter } from "./use-audit-filter.ts";

export function AuditFilters({ filter, rows }: { filter: AuditFilter; rows: readonly AuditEntry[] }) {
  const actions = [...new Set([...knownActions, ...rows.map((row) => row.action)])].sort();
  return (
    <search className={css.filters}>
      <TextInput
        className={css.search}
        size="xs"
        type="search"
        aria-label="Find entries by target, request or IP"
        placeholder="Target, request or IP"
        leftSection={<IconSearch size={14} aria-hidden />}
        data-filter-input
        value={filter.state.q}
        onChange={(event) => filter.filter({ q: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      <FilterChip
        label="Action"
        value={filter.state.action}
        options={actions.map((action) => ({ value: action, label: action }))}
        onChange={(action) => filter.filter({ action })}
      />
      <FilterChip
        label="Result"
        value={filter.state.outcome}
        options={outcomeOptions.map((outcome) => ({
          value: outcome,
          label: stateSpec(outcome).word,
          icon: <StateIcon state={outcome} size={14} />,
        }))}
        onChange={(outcome) => filter.filter({ outcome })}
      />
    </search>
  );
}
