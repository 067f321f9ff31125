"use client";
import { useState } from "react";
import { Note } from "#app/_ui/note.tsx";
import type { SignInOffer, SignInStep } from "#core/access/contract.ts";
import { CodeStep } from "./code-step.tsx";
import { NewPasswordStep } from "./new-password-step.tsx";
import { PasskeyButton } from "./passkey-button.tsx";
import { PasswordStep } from "./password-step.tsx";
import { ProviderButton } from "./provider-button.tsx";
import css from "./sign-in.module.css";

type Given = { username: string; password: string; newPassword?: string };

/** One step after another; what was typed before stays in this page's memory until the session begins. */
export function SignIn({
  offer,
  next,
  problem,
}: {
  offer: SignInOffer;
  next: string;
  problem: string | null;
}) {
  const [step, setStep] = useState<SignInStep>("done");
  const [given, setGiven] = useState<Given>({ username: "", password: "" });
  const goOn = (missing: SignInStep, now: Given = given) => {
    setGiven(now);
    // A whole new page, so that nothing of an earlier session stays in memory.
    if (missing === "done") window.location.assign(next);
    else setStep(missing);
  };
  const again = () => {
    setGiven({ username: "", password: "" });
    setStep("done");
  };
  if (step === "code") return <CodeStep newPassword={given.newPassword} onStep={goOn} onBack={again} />;
  if (step === "password") return <NewPasswordStep given={given} onStep={goOn} onBack={again} />;
  return (
    <>
      {problem !== null && (
        <Note tone="bad" role="alert">
          {problem}
        </Note>
      )}
      {offer.provider !== null && (
        <>
          <ProviderButton provider={offer.provider} next={next} />
          <div className={css.or}>or with a local account</div>
        </>
      )}
      <PasswordStep first={offer.provider === null} onStep={goOn} />
      {offer.passkeys.available && <PasskeyButton onStep={goOn} />}
      <p className="fs12 t3">
        {offer.provider !== null && `Local accounts are for when ${offer.provider} is down. `}
        Every sign-in is written to the audit log.
      </p>
    </>
  );
}
