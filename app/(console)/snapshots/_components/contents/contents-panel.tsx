"use client";

import { IconChevronRight } from "@tabler/icons-react";
import table from "#app/_ui/data-table.module.css";
import { formatBytes, formatCount, formatNumber } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import type { ContentsSummary } from "#core/contents/contract.ts";
import css from "./contents.module.css";
import { kindsOfType, kindWords, type TableKind } from "./kinds.ts";

type Line = { type: number; name: string; count: number; bytes: number };
type Props = {
  /** By Consul's types, as they were counted when the archive came in. */
  records: readonly Line[];
  /** Undefined while it is read, or when it can't be: then there is nothing to open. */
  summary: ContentsSummary | undefined;
  onOpen: (kind: TableKind) => void;
};

/** How many records of each type the state holds, and how much of it they are. A type with a table opens it. */
export function ContentsPanel({ records: counted, summary, onOpen }: Props) {
  const records = [...(summary?.types ?? counted)].sort((a, b) => b.bytes - a.bytes || b.count - a.count);
  if (records.length === 0) return null;
  const count = records.reduce((sum, record) => sum + record.count, 0);
  const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
  return (
    <Panel className={css.panel}>
      <PanelHeader
        title="Contents"
        sub={`${formatCount(records.length, "record type")}, ${formatCount(count, "record")}`}
      />
      <div className={css.scroll}>
        <table className={`${table.table} ${table.compact}`} aria-label="Contents">
          <thead>
            <tr>
              <th>Record type</th>
              <th className={table.num}>Count</th>
              <th className={table.num}>Bytes</th>
              <th className={`from-768 ${css.share}`}>Share</th>
            </tr>
          </thead>
          <tbody>
            {records.map((record) => (
              <TypeRows
                key={`${record.type}-${record.name}`}
                record={record}
                whole={bytes}
                kinds={summary?.kinds ?? []}
                onOpen={onOpen}
              />
            ))}
          </tbody>
          <tfoot>
            <tr className={css.total}>
              <td>
                <b className="med">Total</b>
              </td>
              <td className={table.num}>{formatNumber(count)}</td>
              <td className={table.num}>{formatBytes(bytes)}</td>
              <td className="from-768" />
            </tr>
          </tfoot>
        </table>
      </div>
    </Panel>
  );
}

type RowProps = {
  record: Line;
  whole: number;
  kinds: ContentsSummary["kinds"];
  onOpen: (kind: TableKind) => void;
};

function TypeRows({ record, whole, kinds, onOpen }: RowProps) {
  const tables = kindsOfType(record.name).flatMap((kind) => {
    const found = kinds.find((one) => one.kind === kind);
    return found === undefined ? [] : [{ ...found, kind }];
  });
  const only = tables.length === 1 ? tables[0] : undefined;
  return (
    <>
      <tr className={only === undefined ? undefined : table.row}>
        <td className="mono">
          {only === undefined ? (
            record.name
          ) : (
            <OpenButton kind={only.kind} onOpen={onOpen}>
              {record.name}
            </OpenButton>
          )}
        </td>
        <td className={table.num}>{formatNumber(record.count)}</td>
        <td className={table.num}>{formatBytes(record.bytes)}</td>
        <td className="from-768">
          <Share part={record.bytes} whole={whole} />
        </td>
      </tr>
      {/* A Register record is one of three things, and each has its table. */}
      {tables.length > 1 &&
        tables.map((one) => (
          <tr key={one.kind} className={`${table.row} ${css.part}`}>
            <td>
              <OpenButton kind={one.kind} onOpen={onOpen}>
                {kindWords[one.kind]}
              </OpenButton>
            </td>
            <td className={table.num}>{formatNumber(one.count)}</td>
            <td className={table.num}>{formatBytes(one.bytes)}</td>
            <td className="from-768">
              <Share part={one.bytes} whole={whole} />
            </td>
          </tr>
        ))}
    </>
  );
}

type OpenProps = { kind: TableKind; onOpen: (kind: TableKind) => void; children: string };

function OpenButton({ kind, onOpen, children }: OpenProps) {
  return (
    <button
      type="button"
      className={css.open}
      aria-label={`${children}, show ${kindWords[kind].toLowerCase()}`}
      onClick={() => onOpen(kind)}
    >
      {children}
      <IconChevronRight size={12} aria-hidden />
    </button>
  );
}

/** The bar for the eye, the percent for everyone else. A part that is there at all keeps a visible sliver. */
function Share({ part, whole }: { part: number; whole: number }) {
  const percent = whole === 0 ? 0 : (part / whole) * 100;
  const words = percent > 0 && percent < 0.1 ? "<0.1%" : `${percent.toFixed(1)}%`;
  return (
    <span className={css.bar} title={words}>
      <span style={{ width: `${part > 0 ? Math.max(1.4, percent) : 0}%` }} />
      <span className="sr-only">{words}</span>
    </span>
  );
}
