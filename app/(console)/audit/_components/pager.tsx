"use client";

import { ActionIcon } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { formatNumber } from "#app/_ui/format.ts";
import { PanelFooter } from "#app/_ui/panel.tsx";
import type { AuditPage } from "#core/audit/contract.ts";
import { newerPage, olderPage } from "../_lib/pages.ts";
import type { PageCursor } from "./use-audit-url.ts";

type Props = { page: AuditPage; onPage: (cursor: PageCursor) => void };

/** `Rows 101 to 200 of 312` and the two ways on. */
export function Pager({ page, onPage }: Props) {
  const [newer, older] = [newerPage(page), olderPage(page)];
  return (
    <PanelFooter>
      <span className="tn" role="status">
        {rowWords(page)}
      </span>
      <span className="grow" />
      <nav aria-label="Pages" className="row">
        <ActionIcon
          size="xs"
          variant="ghost"
          aria-label="Newer entries"
          disabled={newer === undefined}
          onClick={() => newer !== undefined && onPage(newer)}
        >
          <IconChevronLeft aria-hidden />
        </ActionIcon>
        <ActionIcon
          size="xs"
          variant="ghost"
          aria-label="Older entries"
          disabled={older === undefined}
          onClick={() => older !== undefined && onPage(older)}
        >
          <IconChevronRight aria-hidden />
        </ActionIcon>
      </nav>
    </PanelFooter>
  );
}

/** Counting stops somewhere; from there on a row's place isn't known either. */
function rowWords({ offset, rows, total, totalIsExact }: AuditPage): string {
  if (!totalIsExact && offset >= total)
    return `${formatNumber(rows.length)} rows after the first ${formatNumber(total)}`;
  const span = `Rows ${formatNumber(offset + 1)} to ${formatNumber(offset + rows.length)}`;
  return `${span} of ${totalIsExact ? "" : "more than "}${formatNumber(total)}`;
}
