"use client";

import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";

export default function AuditError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <>
      <PageHead title="Audit log" />
      <ErrorPanel title="The page could not be drawn" error={error} onRetry={reset}>
        The log itself is not affected: acts are still written to it.
      </ErrorPanel>
    </>
  );
}
