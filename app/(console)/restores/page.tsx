import type { Metadata } from "next";
import { Suspense } from "react";
import { RestoreList } from "./_components/restore-list.tsx";
import Loading from "./loading.tsx";

export const metadata: Metadata = { title: "Restores" };

export default function RestoresPage() {
  return (
    <Suspense fallback={<Loading />}>
      <RestoreList />
    </Suspense>
  );
}
