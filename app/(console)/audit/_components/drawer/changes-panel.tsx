"use client";

import { useMemo, useState } from "react";
import { formatCount } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import diff from "#app/_ui/text-diff.module.css";
import { TextDiff } from "#app/_ui/text-diff.tsx";
import type { AuditEntryDetail } from "#core/audit/contract.ts";
import { diffFields } from "../../_lib/change-diff.ts";
import css from "./entry-drawer.module.css";

type View = "diff" | "json";
const views: readonly { view: View; label: string }[] = [
  { view: "diff", label: "Diff" },
  { view: "json", label: "JSON" },
];

/** The audited fields of what was changed, line by line or as they are stored. */
export function ChangesPanel({ changes }: { changes: NonNullable<AuditEntryDetail["changes"]> }) {
  const [view, setView] = useState<View>("diff");
  const { hunks, changed } = useMemo(() => diffFields(changes.before, changes.after), [changes]);
  return (
    <Panel aria-label="Before and after">
      <PanelHeader
        title="Before and after"
        as="h3"
        actions={
          <>
            <span className="t3 fs12">{headWords(changes, changed)}</span>
            <fieldset className={diff.switch} aria-label="How the change is shown">
              {views.map((one) => (
                <button
                  key={one.view}
                  type="button"
                  aria-pressed={one.view === view}
                  onClick={() => setView(one.view)}
                >
                  {one.label}
                </button>
              ))}
            </fieldset>
          </>
        }
      />
      {view === "json" ? (
        <pre className={css.json}>{JSON.stringify(changes, null, 2)}</pre>
      ) : changed === 0 ? (
        <p className={css.nothing}>No field got another value.</p>
      ) : (
        <TextDiff hunks={hunks} view="unified" label="before and after" />
      )}
    </Panel>
  );
}

function headWords({ before, after }: NonNullable<AuditEntryDetail["changes"]>, changed: number): string {
  const fields = formatCount(changed, "field");
  if (before === null) return `new, ${fields}`;
  return after === null ? `gone, ${fields}` : fields;
}
