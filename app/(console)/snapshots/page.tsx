import type { Metadata } from "next";
import { Suspense } from "react";
import { History } from "./_components/history/history.tsx";
import Loading from "./loading.tsx";

export const metadata: Metadata = { title: "Snapshots" };

export default function SnapshotsPage() {
  return (
    <Suspense fallback={<Loading />}>
      <History />
    </Suspense>
  );
}
