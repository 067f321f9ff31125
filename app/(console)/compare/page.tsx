import type { Metadata } from "next";
import { Suspense } from "react";
import { Compare } from "./_components/compare.tsx";
import Loading from "./loading.tsx";

export const metadata: Metadata = { title: "Compare" };

export default function ComparePage() {
  return (
    <Suspense fallback={<Loading />}>
      <Compare />
    </Suspense>
  );
}
