import type { Metadata } from "next";
import { currentViewer } from "#app/_server/session.ts";
import { AuthFrame, Brand } from "#app/_ui/auth-frame.tsx";
import { FirstRun } from "./_components/first-run.tsx";

export const metadata: Metadata = { title: "First run" };

export default async function SetupPage() {
  const viewer = await currentViewer();
  return (
    <AuthFrame compact>
      <FirstRun brand={<Brand />} viewer={viewer} />
    </AuthFrame>
  );
}
