"use client";

import { ActionIcon, Drawer } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { formatNumber } from "#app/_ui/format.ts";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import type { AuditEntryDetail, AuditPage } from "#core/audit/contract.ts";
import { auditEntryQuery } from "../../queries.ts";
import type { AuditUrl } from "../use-audit-url.ts";
import { DrawerFooter } from "./drawer-footer.tsx";
import { EntryBody } from "./entry-body.tsx";
import css from "./entry-drawer.module.css";
import { useSteps } from "./use-steps.ts";

type Props = {
  entry: number;
  /** The list beside it; undefined until it is there. */
  page: AuditPage | undefined;
  url: AuditUrl;
  wide: boolean;
};

/**
 * One entry in full. From 768 px on the list stays in view and in use beside it, so nothing is dimmed and a row
 * that is pressed there takes its place.
 */
export function EntryDrawer({ entry, page, url, wide }: Props) {
  const query = useQuery(auditEntryQuery(entry));
  // What is kept on the screen while the next entry loads must not be taken for it.
  const detail = query.isPlaceholderData ? undefined : query.data;
  const { goNewer, goOlder } = useSteps({ page, entry, neighbours: detail?.neighbours, url });
  useStepKeys(goNewer, goOlder);
  useEffect(() => () => giveFocusBack(entry), [entry]);
  return (
    <Drawer.Root
      opened
      onClose={() => url.open(null)}
      position="right"
      size={wide ? 480 : "100%"}
      lockScroll={!wide}
      returnFocus={false}
    >
      <Drawer.Content classNames={{ content: css.content ?? "" }}>
        <Drawer.Header classNames={{ header: css.header ?? "" }}>
          <Drawer.Title classNames={{ title: css.title ?? "" }} tabIndex={-1} data-autofocus>
            Entry {formatNumber(entry)}{" "}
            {query.data !== undefined && <span className="mono t2">{query.data.action}</span>}
          </Drawer.Title>
          <span className="grow" />
          <span className="t3 fs12 tn nowrap">{placeWords(page, entry)}</span>
          <Step label="Newer entry ([)" onClick={goNewer} icon={<IconChevronLeft aria-hidden />} />
          <Step label="Older entry (])" onClick={goOlder} icon={<IconChevronRight aria-hidden />} />
          <Drawer.CloseButton aria-label="Close" />
        </Drawer.Header>
        <Drawer.Body classNames={{ body: css.body ?? "" }} tabIndex={0} aria-busy={query.isFetching}>
          <Content query={query} onOpen={url.open} />
        </Drawer.Body>
        {detail !== undefined && <DrawerFooter detail={detail} onFilter={url.change} />}
      </Drawer.Content>
    </Drawer.Root>
  );
}

type Answer = { data: AuditEntryDetail | undefined; error: Error | null; refetch: () => Promise<unknown> };

function Content({ query, onOpen }: { query: Answer; onOpen: (entry: number) => void }) {
  if (query.data !== undefined) return <EntryBody detail={query.data} onOpen={onOpen} />;
  if (query.error === null) return <SkeletonList rows={8} />;
  return (
    <ErrorPanel title="The entry could not be read" error={query.error} onRetry={() => void query.refetch()}>
      Older entries may have been moved to an archive file.
    </ErrorPanel>
  );
}

type StepProps = { label: string; onClick: (() => void) | null; icon: ReactNode };

function Step({ label, onClick, icon }: StepProps) {
  return (
    <ActionIcon
      size="xs"
      variant="ghost"
      aria-label={label}
      title={label}
      disabled={onClick === null}
      onClick={() => onClick?.()}
    >
      {icon}
    </ActionIcon>
  );
}

/** `4 of 312`, as long as the entry is part of the list beside it. */
function placeWords(page: AuditPage | undefined, entry: number): string {
  const place = page?.rows.findIndex((row) => row.entry === entry) ?? -1;
  if (page === undefined || place === -1 || !page.totalIsExact) return "";
  return `${formatNumber(page.offset + place + 1)} of ${formatNumber(page.total)}`;
}

/** `[` and `]`, wherever the focus is but in a field. */
function useStepKeys(goNewer: (() => void) | null, goOlder: (() => void) | null): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest("input, textarea, select") !== null) return;
      const go = event.key === "[" ? goNewer : event.key === "]" ? goOlder : null;
      if (go === null) return;
      event.preventDefault();
      go();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [goNewer, goOlder]);
}

/** To the row of the entry that was open last, unless another one has been opened meanwhile. */
function giveFocusBack(entry: number): void {
  requestAnimationFrame(() => {
    if (document.querySelector("[role='dialog'][aria-modal='true']") !== null) return;
    const row = document.querySelector<HTMLElement>(`[data-row-id="${entry}"]`);
    row?.focus();
    row?.scrollIntoView({ block: "nearest" });
  });
}
