import type { Metadata } from "next";
import { Suspense } from "react";
import { AuditView } from "./_components/audit-view.tsx";
import Loading from "./loading.tsx";

export const metadata: Metadata = { title: "Audit log" };

export default function AuditPage() {
  return (
    <Suspense fallback={<Loading />}>
      <AuditView />
    </Suspense>
  );
}
