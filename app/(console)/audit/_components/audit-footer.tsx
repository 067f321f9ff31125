"use client";
import { ActionIcon } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { formatNumber } from "#app/_ui/format.ts";
import { PanelFooter } from "#app/_ui/panel.tsx";
import type { AuditPage } from "#core/audit/contract.ts";
import type { AuditFilter } from "./use-audit-filter.ts";

export function AuditFooter({ page, filter }: { page: AuditPage; filter: AuditFilter }) {
  const from = filter.offset + 1;
  const to = filter.offset + page.rows.length;
  const next = page.nextBefore;
  return (
    <PanelFooter>
      <span role="status">
        Rows {formatNumber(from)} to {formatNumber(to)} of {formatNumber(page.total)}
      </span>
      <span className="grow" />
      <ActionIcon size="xs" aria-label="Newer entries" disabled={filter.offset === 0} onClick={filter.newer}>
        <IconChevronLeft aria-hidden />
      </ActionIcon>
      <ActionIcon
        size="xs"
        aria-label="Older entries"
        disabled={next === null}
        onClick={() => next !== null && filter.older(next)}
      >
        <IconChevronRight aria-hidden />
      </ActionIcon>
    </PanelFooter>
  );
}
