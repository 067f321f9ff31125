"use client";
import { Button, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import type { SignInStep } from "#core/access/contract.ts";
import { signIn } from "./actions.ts";
import { SignInError } from "./sign-in-error.tsx";

type Given = { username: string; password: string };
type Props = {
  given: Given;
  onStep: (missing: SignInStep, given: Given & { newPassword: string }) => void;
  onBack: () => void;
};

/** After a one-time password: one's own, which nobody else has seen. */
export function NewPasswordStep({ given, onStep, onBack }: Props) {
  const attempt = useMutation({
    mutationFn: (newPassword: string) => unwrapped(signIn({ ...given, newPassword })),
    onSuccess: (missing, newPassword) => onStep(missing, { ...given, newPassword }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    attempt.mutate(String(new FormData(event.currentTarget).get("newPassword") ?? ""));
  };
  return (
    <form method="post" onSubmit={submit} className="stack" style={{ gap: 16 }} noValidate>
      <p className="t2">This password works once. Choose your own.</p>
      <input type="hidden" name="username" autoComplete="username" value={given.username} />
      <PasswordInput
        label="New password"
        description="At least 12 characters."
        name="newPassword"
        size="md"
        required
        autoFocus
        autoComplete="new-password"
        visibilityToggleButtonProps={{ "aria-label": "Show password", tabIndex: 0 }}
      />
      <SignInError error={attempt.error} />
      <Button
        type="submit"
        variant="primary"
        size="md"
        fullWidth
        loading={attempt.isPending || attempt.isSuccess}
      >
        Set password and sign in
      </Button>
      <Button variant="subtle" size="sm" fullWidth onClick={onBack}>
        Back
      </Button>
    </form>
  );
}
