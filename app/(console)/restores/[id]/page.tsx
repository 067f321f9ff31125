import type { Metadata } from "next";
import { RestoreDetail } from "../_components/restore-detail.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).id };
}

export default async function RestorePage({ params }: Props) {
  return <RestoreDetail id={(await params).id} />;
}
