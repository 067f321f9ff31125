import type { Metadata } from "next";
import { AuthFrame, authCard, Brand } from "#app/_ui/auth-frame.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { SignInForm } from "./sign-in-form.tsx";

export const metadata: Metadata = { title: "Sign in" };

type Props = { searchParams: Promise<{ next?: string | string[] }> };

export default async function SignInPage({ searchParams }: Props) {
  const { next } = await searchParams;
  return (
    <AuthFrame>
      <h1 className="sr-only">Sign in</h1>
      <Brand />
      <p className="t2" style={{ margin: "6px 0 20px" }}>
        Consul snapshots
      </p>
      <Panel className={authCard}>
        <SignInForm next={safePath(next)} />
      </Panel>
    </AuthFrame>
  );
}

/** A path of this site and nothing else: `//host` and `/\host` lead elsewhere in a browser. */
function safePath(next: string | string[] | undefined): string {
  return typeof next === "string" && /^\/(?![/\\])/.test(next) ? next : "/";
}
