import type { Metadata } from "next";
import { DrillDetail } from "../_components/drill-detail.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).id };
}

export default async function DrillPage({ params }: Props) {
  return <DrillDetail id={(await params).id} />;
}
