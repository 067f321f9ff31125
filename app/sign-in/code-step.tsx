"use client";
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import type { SecondFactorInput, SignInStep } from "#core/access/contract.ts";
import { secondFactor } from "./actions.ts";
import { SignInError } from "./sign-in-error.tsx";

type Props = { newPassword?: string | undefined; onStep: (missing: SignInStep) => void; onBack: () => void };

/** After the password: what the authenticator app shows, or a recovery code for whoever lost it. */
export function CodeStep({ newPassword, onStep, onBack }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [recovery, setRecovery] = useState(false);
  const attempt = useMutation({
    mutationFn: (input: SecondFactorInput) => unwrapped(secondFactor(input)),
    onSuccess: (missing) => onStep(missing),
    onError: () => field.current?.select(),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code") ?? "");
    attempt.mutate({
      ...(recovery ? { recoveryCode: code } : { code }),
      ...(newPassword === undefined ? {} : { newPassword }),
    });
  };
  const swap = () => {
    attempt.reset();
    setRecovery(!recovery);
  };
  return (
    <form method="post" onSubmit={submit} className="stack" style={{ gap: 16 }} noValidate>
      <TextInput
        key={recovery ? "recovery" : "code"}
        ref={field}
        label={recovery ? "Recovery code" : "Code"}
        description={recovery ? "Each works once." : "Six digits from the authenticator app."}
        name="code"
        size="md"
        required
        autoFocus
        autoComplete={recovery ? "off" : "one-time-code"}
        inputMode={recovery ? "text" : "numeric"}
        autoCapitalize="none"
        spellCheck={false}
      />
      <SignInError error={attempt.error} />
      <Button
        type="submit"
        variant="primary"
        size="md"
        fullWidth
        loading={attempt.isPending || attempt.isSuccess}
      >
        Sign in
      </Button>
      <Button variant="subtle" size="sm" fullWidth onClick={swap}>
        {recovery ? "Use the authenticator app" : "Use a recovery code"}
      </Button>
      <Button variant="subtle" size="sm" fullWidth onClick={onBack}>
        Back
      </Button>
    </form>
  );
}
