"use client";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import { formatDuration } from "#app/_ui/format.ts";
import { Panel, PanelHeader } from "#app/_ui/panel.tsx";
import { SkeletonList } from "#app/_ui/skeleton-rows.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import type { ConnectionCheck, ConnectionReport } from "#core/clusters/contract.ts";
import css from "./connection-test.module.css";

type Props = {
  report: ConnectionReport | undefined;
  pending: boolean;
  error: unknown;
  onTest: () => void;
  /** Something was changed since the report. */
  outdated?: boolean;
  as?: "h2" | "h3";
};

/** What a connection test found, one line for a pass and two for anything else. */
export function ConnectionTest({ report, pending, error, onTest, outdated = false, as = "h3" }: Props) {
  return (
    <Panel aria-live="polite" aria-busy={pending}>
      <PanelHeader
        as={as}
        title="Connection test"
        flush={report === undefined && !pending}
        actions={
          <>
            <span className="t3 fs12">{headText(report, pending, outdated)}</span>
            <Button variant="ghost" size="xs" onClick={onTest} loading={pending}>
              {report === undefined ? "Test" : "Test again"}
            </Button>
          </>
        }
      />
      {pending && report === undefined && <SkeletonList rows={4} />}
      {error !== null && error !== undefined && !pending && (
        <div style={{ padding: "0 16px 12px" }}>
          <ErrorNote title="The test could not run." error={error} />
        </div>
      )}
      {report !== undefined && <Checks report={report} />}
    </Panel>
  );
}

function headText(report: ConnectionReport | undefined, pending: boolean, outdated: boolean): ReactNode {
  if (pending) return "asking Consul";
  if (report === undefined) return null;
  return outdated ? "before the last change" : formatDuration(report.durationMs);
}

function Checks({ report }: { report: ConnectionReport }) {
  return (
    <ul className={css.list}>
      {report.checks.map((check) => (
        <CheckLine key={check.name} check={check} />
      ))}
    </ul>
  );
}

function CheckLine({ check }: { check: ConnectionCheck }) {
  return (
    <li data-one={check.result === "pass" || undefined} data-result={check.result}>
      <StateText state={check.result} />
      <div className={css.words}>
        <div className="med">{check.title}</div>
        <div className={css.why}>{withMonoAddresses(check.detail)}</div>
      </div>
    </li>
  );
}

/** `10.0.3.11:8300` and the like in the face of addresses, the rest as it is. */
function withMonoAddresses(text: string): ReactNode {
  return text.split(/((?:https?:\/\/)?[\w.-]+:\d{1,5}\b)/).map((part, place) => {
    if (place % 2 === 0) return part;
    const key = `${place} ${part}`;
    return (
      <span key={key} className="mono">
        {part}
      </span>
    );
  });
}
