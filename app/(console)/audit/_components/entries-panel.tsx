"use client";

import { Button } from "@mantine/core";
import { useRef } from "react";
import { Empty } from "#app/_ui/empty.tsx";
import { pageFill } from "#app/_ui/page-fill.ts";
import { Panel } from "#app/_ui/panel.tsx";
import type { AuditPage } from "#core/audit/contract.ts";
import css from "./entries.module.css";
import { EntriesList } from "./entries-list.tsx";
import { EntriesTable } from "./entries-table.tsx";
import { EntriesWaiting } from "./entries-waiting.tsx";
import { Pager } from "./pager.tsx";
import type { AuditUrl } from "./use-audit-url.ts";
import { useEntryKeys } from "./use-entry-keys.ts";

type Props = {
  page: AuditPage | undefined;
  /** The rows are of another filter or page, while the right ones are on their way. */
  stale: boolean;
  wide: boolean;
  url: AuditUrl;
  onClear: () => void;
};

/** The rows, and the pages below them. */
export function EntriesPanel({ page, stale, wide, url, onClear }: Props) {
  const area = useRef<HTMLElement>(null);
  useEntryKeys(area, url.open);
  if (page === undefined) return <EntriesWaiting />;
  if (page.rows.length === 0) return <NoRows url={url} onClear={onClear} />;
  const rows = { rows: page.rows, stale, chosen: url.entry, onOpen: url.open };
  return (
    <Panel ref={area} className={`${pageFill} ${css.panel}`} aria-label="Entries" aria-busy={stale}>
      {wide ? <EntriesTable {...rows} /> : <EntriesList {...rows} />}
      <Pager page={page} onPage={url.page} />
    </Panel>
  );
}

function NoRows({ url, onClear }: { url: AuditUrl; onClear: () => void }) {
  if (!url.filtered) {
    return (
      <Panel>
        <Empty title="No entries yet" picture={false}>
          Nothing has been done here so far: the first act writes the first entry. What was archived stands in
          its files.
        </Empty>
      </Panel>
    );
  }
  return (
    <Panel>
      <Empty
        title="No entry matches"
        picture={false}
        actions={<Button onClick={onClear}>Clear filters</Button>}
      >
        Nothing like this was done, tried or refused, as far as the log goes back. Entries that were archived
        are not searched.
      </Empty>
    </Panel>
  );
}
