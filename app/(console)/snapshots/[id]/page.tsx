import type { Metadata } from "next";
import { Detail } from "../_components/detail/detail.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).id };
}

export default async function SnapshotPage({ params }: Props) {
  return <Detail id={(await params).id} />;
}
