"use client";

import { Button } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";
import { Empty } from "#app/_ui/empty.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { useWide } from "../../snapshots/_lib/use-wide.ts";
import { OlderFooter } from "./older-footer.tsx";

type Props = {
  /** "Drills" */
  label: string;
  nextCursor: string | null;
  cursor: string | null;
  onCursor: (cursor: string | null) => void;
  table: ReactNode;
  /** Below 768 px. */
  cards: ReactNode;
};

/** One page of a list, newest first, and the ways to the others. */
export function ListPanel({ label, nextCursor, cursor, onCursor, table, cards }: Props) {
  const wide = useWide();
  return (
    <Panel aria-label={label}>
      {wide ? table : cards}
      <OlderFooter what={label.toLowerCase()} nextCursor={nextCursor} cursor={cursor} onCursor={onCursor} />
    </Panel>
  );
}

/** A list that never had a row: everything in it begins at a snapshot. */
export function NothingYet({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Panel>
      <Empty
        title={title}
        actions={
          <Button component={Link} href="/snapshots">
            Snapshots
          </Button>
        }
      >
        {children}
      </Empty>
    </Panel>
  );
}
