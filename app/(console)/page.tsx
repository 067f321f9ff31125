import type { Metadata } from "next";
import { Suspense } from "react";
import { Overview } from "./_overview/overview.tsx";
import { OverviewWaiting } from "./_overview/overview-waiting.tsx";

export const metadata: Metadata = { title: "Overview" };

export default function OverviewPage() {
  return (
    <Suspense fallback={<OverviewWaiting />}>
      <Overview />
    </Suspense>
  );
}
