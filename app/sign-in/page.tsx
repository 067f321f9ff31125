import type { Metadata } from "next";
import { getRuntime } from "#app/_server/runtime.ts";
import { AuthFrame, authCard, Brand } from "#app/_ui/auth-frame.tsx";
import { Panel } from "#app/_ui/panel.tsx";
import { nextPath, providerProblems, providerProblemWords } from "#core/access/contract.ts";
import { SignIn } from "./sign-in.tsx";

export const metadata: Metadata = { title: "Sign in" };

type Query = string | string[] | undefined;
type Props = { searchParams: Promise<{ next?: Query; problem?: Query }> };

export default async function SignInPage({ searchParams }: Props) {
  const { next, problem } = await searchParams;
  const { offer } = getRuntime().sessions;
  const known = providerProblems.find((name) => name === problem);
  const words =
    known === undefined || offer.provider === null ? null : providerProblemWords(known, offer.provider);
  return (
    <AuthFrame>
      <h1 className="sr-only">Sign in</h1>
      <Brand />
      <p className="t2" style={{ margin: "6px 0 20px" }}>
        Consul snapshots
      </p>
      <Panel className={authCard}>
        <SignIn offer={offer} next={nextPath(next)} problem={words} />
      </Panel>
    </AuthFrame>
  );
}
