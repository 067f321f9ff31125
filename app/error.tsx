"use client";
import Link from "next/link";
import { ErrorPanel } from "#app/_ui/error-panel.tsx";

type Props = { error: Error & { digest?: string }; reset: () => void };

/** A page that broke. What runs on the server goes on; the digest finds the fault in the log. */
export default function PageError({ error, reset }: Props) {
  return (
    <main style={{ padding: 20, maxWidth: 720, margin: "0 auto" }}>
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
    </main>
  );
}
