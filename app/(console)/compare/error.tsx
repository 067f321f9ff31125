"use client";

import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";

export default function CompareError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <>
      <PageHead title="Compare" />
      <ErrorPanel title="The page could not be drawn" error={error} onRetry={reset}>
        Nothing in Consul or in the archives was touched.
      </ErrorPanel>
    </>
  );
}
