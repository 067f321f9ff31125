"use client";

import { ErrorPanel } from "#app/_ui/error-panel.tsx";
import { PageHead } from "#app/_ui/page-head.tsx";

export default function AccountError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <>
      <PageHead title="Your account" />
      <ErrorPanel title="The page could not be drawn" error={error} onRetry={reset}>
        Nothing of your account changed by it.
      </ErrorPanel>
    </>
  );
}
