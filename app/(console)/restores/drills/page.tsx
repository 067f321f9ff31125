import type { Metadata } from "next";
import { Suspense } from "react";
import { DrillsView } from "./_components/drills-view.tsx";
import Loading from "./loading.tsx";

export const metadata: Metadata = { title: "Drills" };

export default function DrillsPage() {
  return (
    <Suspense fallback={<Loading />}>
      <DrillsView />
    </Suspense>
  );
}
