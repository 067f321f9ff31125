import type { Metadata } from "next";
import { Suspense } from "react";
import { RestoreList } from "./_components/restore-list.tsx";
import { RestoreTabs } from "./_components/restore-tabs.tsx";
import Loading from "./loading.tsx";

export const metadata: Metadata = { title: "Restores" };

export default function RestoresPage() {
  return (
    <>
      <RestoreTabs tab="restores" />
      <Suspense fallback={<Loading />}>
        <RestoreList />
      </Suspense>
    </>
  );
}
