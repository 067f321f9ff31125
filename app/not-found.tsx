import type { Metadata } from "next";
import Link from "next/link";
import { AuthFrame, authCard, Brand } from "#app/_ui/auth-frame.tsx";
import { Panel } from "#app/_ui/panel.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <AuthFrame>
      <Brand />
      <div style={{ height: 20 }} />
      <Panel className={authCard}>
        <div>
          <h1 style={{ fontSize: 16, lineHeight: "24px" }}>No such page</h1>
          <p className="t2">
            The address leads nowhere, or what it named was removed. A deleted snapshot keeps its entries in
            the audit log.
          </p>
        </div>
        <div className="row" style={{ gap: 16 }}>
          <Link href="/" className="link">
            Overview
          </Link>
          <Link href="/snapshots" className="link">
            Snapshots
          </Link>
        </div>
      </Panel>
    </AuthFrame>
  );
}
