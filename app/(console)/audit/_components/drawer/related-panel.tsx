"use client";

import { formatNumber } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { Utc } from "#app/_ui/time.tsx";
import type { AuditEntryDetail } from "#core/audit/contract.ts";
import { EntryLink } from "../entry-link.tsx";
import css from "./entry-drawer.module.css";

type Props = { detail: AuditEntryDetail; onOpen: (entry: number) => void };

/** What else belongs to the same act: its intent, its outcome, and what it set off. */
export function RelatedPanel({ detail, onOpen }: Props) {
  return (
    <Panel aria-label="Related entries">
      <PanelHeader title="Related entries" as="h3" sub="of the same act" />
      <ol className={css.related}>
        {detail.correlated.map((row) => (
          <li key={row.entry} aria-current={row.entry === detail.entry || undefined}>
            <EntryLink entry={row.entry} onOpen={onOpen} className="tn">
              {formatNumber(row.entry)}
            </EntryLink>
            <Utc at={row.at} className="t2" />
            <span className="mono trunc">{row.action}</span>
            <StateText state={row.outcome} small />
          </li>
        ))}
      </ol>
    </Panel>
  );
}
