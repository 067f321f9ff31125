import type { Metadata } from "next";
import { Suspense } from "react";
import { RestoreWaiting } from "../../_components/restore-waiting.tsx";
import { RecoveryDetail } from "../_components/recovery-detail.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).id };
}

export default async function RecoveryPage({ params }: Props) {
  const { id } = await params;
  return (
    <Suspense fallback={<RestoreWaiting />}>
      <RecoveryDetail id={id} />
    </Suspense>
  );
}
