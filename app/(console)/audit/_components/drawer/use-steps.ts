"use client";

import { useQueryClient } from "@tanstack/react-query";
import type { AuditEntryDetail, AuditPage } from "#core/audit/contract.ts";
import { type EntryStep, stepFrom } from "../../_lib/pages.ts";
import { auditListQuery } from "../../queries.ts";
import type { AuditUrl } from "../use-audit-url.ts";

type Input = {
  page: AuditPage | undefined;
  entry: number;
  neighbours: AuditEntryDetail["neighbours"] | undefined;
  url: AuditUrl;
};
type Go = (() => void) | null;

/** The ways from an entry to the ones above and below it, over the edge of a page too; null where there is none. */
export function useSteps({ page, entry, neighbours, url }: Input): { goNewer: Go; goOlder: Go } {
  const client = useQueryClient();

  async function turn({ cursor, take }: Extract<EntryStep, { take: string }>): Promise<void> {
    const { before: _before, newer: _newer, ...input } = url.input;
    const next = await client.fetchQuery(auditListQuery({ ...input, ...cursor }));
    const row = take === "first" ? next.rows[0] : next.rows.at(-1);
    if (row !== undefined) url.open(row.entry, cursor);
  }

  function go(step: EntryStep): Go {
    if (step === null) return null;
    return () => {
      if ("entry" in step) url.open(step.entry);
      // When the page can't be read, the list itself says so at its next try.
      else turn(step).catch(() => undefined);
    };
  }

  return {
    goNewer: go(stepFrom(page, entry, -1, neighbours)),
    goOlder: go(stepFrom(page, entry, 1, neighbours)),
  };
}
