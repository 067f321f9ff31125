"use client";

import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";

export default function AccessError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <>
      <PageHead title="Access" />
      <ErrorPanel title="The page could not be drawn" error={error} onRetry={reset}>
        Nobody's roles or sessions changed by it.
      </ErrorPanel>
    </>
  );
}
