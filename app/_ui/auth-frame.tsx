import { headers } from "next/headers";
import type { ReactNode } from "react";
import packageJson from "../../package.json" with { type: "json" };
import css from "./auth-frame.module.css";
import { BrandMark } from "./brand.tsx";
import { TlsState } from "./tls-state.tsx";

/** The page around sign-in and first run: the content in the middle, and which Snapkeep this is below it. */
export async function AuthFrame({ children, compact = false }: { children: ReactNode; compact?: boolean }) {
  const host = (await headers()).get("host") ?? "";
  return (
    <main className={css.center}>
      <div className={compact ? css.spaceSmall : css.space} />
      {children}
      <footer className={css.foot}>
        <span>Snapkeep {packageJson.version}</span>
        <span>{host}</span>
        <TlsState />
      </footer>
    </main>
  );
}

export function Brand() {
  return (
    <div className={css.brand}>
      <BrandMark size={26} />
      Snapkeep
    </div>
  );
}

export const authCard: string = css.card ?? "";
