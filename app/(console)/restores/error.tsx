"use client";

import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";

export default function RestoresError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <>
      <PageHead title="Restores" />
      <ErrorPanel title="The page could not be drawn" error={error} onRetry={reset}>
        A restore that runs goes on without it.
      </ErrorPanel>
    </>
  );
}
