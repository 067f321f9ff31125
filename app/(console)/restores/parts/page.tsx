import type { Metadata } from "next";
import { Suspense } from "react";
import { PartsView } from "./_components/parts-view.tsx";
import Loading from "./loading.tsx";

export const metadata: Metadata = { title: "Parts" };

export default function PartsPage() {
  return (
    <Suspense fallback={<Loading />}>
      <PartsView />
    </Suspense>
  );
}
