import type { Metadata } from "next";
import { AuthFrame, Brand } from "#app/_ui/auth-frame.tsx";
import { FirstRun } from "./_components/first-run.tsx";

export const metadata: Metadata = { title: "First run" };

export default function SetupPage() {
  return (
    <AuthFrame compact>
      <FirstRun brand={<Brand />} />
    </AuthFrame>
  );
}
