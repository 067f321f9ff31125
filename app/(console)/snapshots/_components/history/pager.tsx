"use client";

import { ActionIcon } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { formatNumber } from "#app/_ui/format.ts";
import { PanelFooter } from "#app/_ui/panel.tsx";
import type { SnapshotPage } from "#core/snapshots/contract.ts";

type Props = { page: SnapshotPage; onPage: (cursor: string | null) => void };

/** `Rows 51 to 100 of 868` and the two ways on. */
export function Pager({ page, onPage }: Props) {
  const first = page.rows.length === 0 ? 0 : page.offset + 1;
  const last = page.offset + page.rows.length;
  return (
    <PanelFooter>
      <span className="tn" role="status">
        Rows {formatNumber(first)} to {formatNumber(last)} of {formatNumber(page.total)}
      </span>
      <span className="grow" />
      <nav aria-label="Pages" className="row">
        <ActionIcon
          size="xs"
          aria-label="Newer rows"
          disabled={page.previousCursor === null}
          onClick={() => onPage(page.previousCursor)}
        >
          <IconChevronLeft aria-hidden />
        </ActionIcon>
        <ActionIcon
          size="xs"
          aria-label="Older rows"
          disabled={page.nextCursor === null}
          onClick={() => onPage(page.nextCursor)}
        >
          <IconChevronRight aria-hidden />
        </ActionIcon>
      </nav>
    </PanelFooter>
  );
}
