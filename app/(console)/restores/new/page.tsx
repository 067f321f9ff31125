import type { Metadata } from "next";
import { Suspense } from "react";
import { NewRestore } from "../_components/new-restore.tsx";
import { RestoreWaiting } from "../_components/restore-waiting.tsx";

export const metadata: Metadata = { title: "New restore" };

export default function NewRestorePage() {
  return (
    <Suspense fallback={<RestoreWaiting />}>
      <NewRestore />
    </Suspense>
  );
}
