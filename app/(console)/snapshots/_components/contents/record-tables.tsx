"use client";
import { Button } from "@mantine/core";
import { IconArrowLeft, IconLoader2, IconLock } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import table from "#app/_ui/data-table.module.css";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatBytes, formatCount, formatNumber } from "#app/_ui/format.ts";
import pageFill from "#app/_ui/page-fill.module.css";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { PatternField } from "#app/_ui/pattern-field.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { RecordRow } from "#core/contents/contract.ts";
import { contentsSummaryQuery, recordsQuery } from "../../queries.ts";
import { IndexingNote } from "./indexing-note.tsx";
import { kindWords, type TableKind, tableKinds } from "./kinds.ts";
import { columnsOf } from "./record-columns.tsx";
import { RecordPane } from "./record-pane.tsx";
import css from "./records.module.css";
import type { ContentsUrl } from "./use-contents-url.ts";

type Props = { id: string; kind: TableKind; url: ContentsUrl };

/** The records of one kind as a table over the whole width, with the other kinds beside it. */
export function RecordTables({ id, kind, url }: Props) {
  const summary = useQuery(contentsSummaryQuery(id));
  const kinds = summary.data?.kinds ?? [];
  const count = kinds.find((one) => one.kind === kind)?.count;
  return (
    <Panel className={`${pageFill.fill} ${css.panel}`}>
      <PanelHeader
        title={kindWords[kind]}
        sub={count === undefined ? undefined : `${formatNumber(count)} in this snapshot`}
        actions={
          <Button
            size="xs"
            variant="ghost"
            leftSection={<IconArrowLeft size={14} aria-hidden />}
            onClick={() => url.showTable(null)}
          >
            Contents
          </Button>
        }
      />
      <div className={css.body}>
        <nav className={css.kinds} aria-label="Kinds of records">
          {tableKinds
            .filter((one) => one === kind || kinds.some((known) => known.kind === one))
            .map((one) => (
              <button
                key={one}
                type="button"
                aria-current={one === kind ? "page" : undefined}
                onClick={() => url.showTable(one)}
              >
                <span className="trunc">{kindWords[one]}</span>
                <span className="tn">{formatNumber(kinds.find((known) => known.kind === one)?.count)}</span>
              </button>
            ))}
        </nav>
        <Records key={kind} id={id} kind={kind} url={url} />
      </div>
    </Panel>
  );
}

function Records({ id, kind, url }: Props) {
  const query = useInfiniteQuery(recordsQuery({ id, kind, ...(url.text === "" ? {} : { text: url.text }) }));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const pages = query.data?.pages ?? [];
  const rows = pages.flatMap((page) => page.rows);
  const paused = pages.at(-1)?.ended === "budget" && hasNextPage && !query.isFetchNextPageError;
  useEffect(() => {
    if (paused && !isFetchingNextPage) void fetchNextPage();
  }, [paused, isFetchingNextPage, fetchNextPage]);
  const listed = rows.find((row) => row.identity === url.record);
  const record = useLinkedRecord(id, kind, url.record, listed, !query.isPending);
  const more = useRef<HTMLDivElement>(null);
  useOnSight(
    more,
    hasNextPage && !isFetchingNextPage && !query.isFetchNextPageError,
    () => void fetchNextPage(),
  );
  return (
    <>
      <div className={css.list} data-behind={url.record !== null || undefined}>
        <div className={css.field}>
          <PatternField
            label={`Filter ${kindWords[kind].toLowerCase()}`}
            placeholder="Any name, id or field…"
            value={url.text}
            onChange={url.filterTable}
          />
        </div>
        <div className={css.scroll}>
          {query.isPending && (
            <>
              <IndexingNote />
              <SkeletonList rows={12} />
            </>
          )}
          {query.data === undefined && query.isError && (
            <div className={css.message}>
              <ErrorNote title="The records could not be read." error={query.error} />
              <Button size="xs" onClick={() => void query.refetch()}>
                Try again
              </Button>
            </div>
          )}
          {query.data !== undefined && rows.length === 0 && !hasNextPage && (
            <p className={`t3 ${css.message}`}>
              {url.text === ""
                ? `This snapshot holds no ${kindWords[kind].toLowerCase()}.`
                : "No record has these words."}
            </p>
          )}
          {rows.length > 0 && (
            <>
              <Table kind={kind} rows={rows} current={url.record} onOpen={url.showRecord} />
              <List kind={kind} rows={rows} current={url.record} onOpen={url.showRecord} />
            </>
          )}
          {hasNextPage && (
            <div ref={more} className={css.more}>
              {query.isFetchNextPageError ? (
                <ErrorNote title="The rest could not be read." error={query.error}>
                  <button type="button" className="link" onClick={() => void fetchNextPage()}>
                    Try again
                  </button>
                </ErrorNote>
              ) : (
                <span className="row t3 fs12">
                  <IconLoader2 size={14} className="spin" aria-hidden />
                  {paused ? "Searching further…" : "Loading more…"}
                </span>
              )}
            </div>
          )}
        </div>
        <p className={css.foot} role="status">
          {query.data !== undefined &&
            `${formatCount(rows.length, "record")} ${hasNextPage ? "so far" : "shown"}`}
        </p>
      </div>
      {url.record !== null && (
        <RecordPane
          key={`${kind}/${url.record}`}
          id={id}
          kind={kind}
          identity={url.record}
          row={record.row}
          missing={record.missing}
          onClose={() => url.showRecord(null)}
        />
      )}
    </>
  );
}

/** A record that a link names may stand far behind the first page, so it is asked for by its name. */
function useLinkedRecord(
  id: string,
  kind: TableKind,
  identity: string | null,
  listed: RecordRow | undefined,
  ready: boolean,
) {
  const wanted = identity !== null && listed === undefined && ready;
  const query = useInfiniteQuery({
    ...recordsQuery({ id, kind, text: (identity ?? "").slice(0, 200), limit: 50 }),
    enabled: wanted,
  });
  const pages = query.data?.pages ?? [];
  const row = listed ?? pages.flatMap((page) => page.rows).find((one) => one.identity === identity);
  const goOn = wanted && row === undefined && query.hasNextPage && !query.isFetching && !query.isError;
  const { fetchNextPage } = query;
  useEffect(() => {
    if (goOn) void fetchNextPage();
  }, [goOn, fetchNextPage]);
  return { row, missing: wanted && row === undefined && !query.isFetching && !goOn };
}

/** Calls `act` when the end of the list comes near the screen. */
function useOnSight(target: RefObject<HTMLElement | null>, active: boolean, act: () => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const { current } = target;
    if (!active || current === null) return;
    const watcher = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && latest.current(),
      { rootMargin: "400px" },
    );
    watcher.observe(current);
    return () => watcher.disconnect();
  }, [active, target]);
}

type TableProps = {
  kind: TableKind;
  rows: readonly RecordRow[];
  current: string | null;
  onOpen: (identity: string) => void;
};

function Table({ kind, rows, current, onOpen }: TableProps) {
  const columns = columnsOf(kind);
  const open = (row: RecordRow) => onOpen(row.identity);
  const onKey = (event: KeyboardEvent, row: RecordRow) => {
    if (event.key !== "Enter" || event.target !== event.currentTarget) return;
    event.preventDefault();
    open(row);
  };
  return (
    <table className={`from-768 ${table.table} ${table.compact}`} aria-label={kindWords[kind]}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.head} className={column.num ? table.num : undefined}>
              {column.head}
            </th>
          ))}
          <th className={table.num}>Bytes</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={row.identity}
            className={table.row}
            data-opens
            data-selected={row.identity === current}
            tabIndex={0}
            onClick={() => open(row)}
            onKeyDown={(event) => onKey(event, row)}
          >
            {columns.map((column, at) => (
              <td key={column.head} className={`${css.cell} ${column.num ? table.num : ""}`}>
                <span className={css.words}>
                  {column.cell(row.fields, row)}
                  {at === 0 && row.hasSecrets && (
                    <IconLock size={12} className="t3" role="img" aria-label="holds secrets" />
                  )}
                </span>
              </td>
            ))}
            <td className={`${table.num} t2`}>{formatBytes(row.bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Below 768 px: what a record is called, and its next facts by their names. */
function List({ kind, rows, onOpen }: TableProps) {
  const [title, ...rest] = columnsOf(kind);
  return (
    <ul className={`below-768 ${table.list}`} aria-label={kindWords[kind]}>
      {rows.map((row) => (
        <li key={row.identity} className={css.item}>
          <button type="button" onClick={() => onOpen(row.identity)}>
            <span className={css.words}>
              {title?.cell(row.fields, row)}
              {row.hasSecrets && <IconLock size={14} className="t3" role="img" aria-label="holds secrets" />}
            </span>
            {rest.slice(0, 3).map((column) => (
              <span key={column.head} className={css.itemFact}>
                <span className="t3">{column.head}</span>
                {column.cell(row.fields, row)}
              </span>
            ))}
          </button>
        </li>
      ))}
    </ul>
  );
}
