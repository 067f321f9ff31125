"use client";
import Link from "next/link";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";

type Props = { error: Error & { digest?: string }; reset: () => void };

/** A page that broke inside the frame, which stays. What runs on the server goes on; the digest finds the fault in the log. */
export default function ConsolePageError({ error, reset }: Props) {
  return (
    <div style={{ maxWidth: 720 }}>
      <ErrorPanel
        title="This page broke"
        error={error.digest === undefined ? error : `Something went wrong inside Snapkeep (${error.digest})`}
        onRetry={reset}
        actions={
          <Link href="/" className="link fs12">
            Overview
          </Link>
        }
      >
        Snapshots and restores that are under way go on. Nothing was changed by the page.
      </ErrorPanel>
    </div>
  );
}
