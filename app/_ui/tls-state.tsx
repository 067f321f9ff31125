"use client";
import { IconLock, IconLockOpen } from "@tabler/icons-react";
import { useSyncExternalStore } from "react";

type Tls = "unknown" | "tls" | "local" | "plain";

function read(): Tls {
  if (window.location.protocol === "https:") return "tls";
  // Browsers call localhost a secure context: nothing of it leaves the machine.
  return window.isSecureContext ? "local" : "plain";
}

/** Only the browser knows whether its own connection is encrypted; a proxy may stand in between. */
export function TlsState() {
  const tls = useSyncExternalStore(
    () => () => undefined,
    read,
    () => "unknown" as const,
  );
  if (tls === "unknown" || tls === "local") return null;
  const Picture = tls === "tls" ? IconLock : IconLockOpen;
  return (
    <span className={tls === "tls" ? "row" : "row c-warn"} style={{ gap: 6 }}>
      <Picture size={14} className={tls === "tls" ? "c-good" : undefined} aria-hidden />
      {tls === "tls" ? "TLS" : "No TLS: the password travels readable"}
    </span>
  );
}
