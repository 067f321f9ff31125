"use client";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import type { SignInStep } from "#core/access/contract.ts";
import { signIn } from "./actions.ts";
import { SignInError } from "./sign-in-error.tsx";

type Given = { username: string; password: string };
/** @param first no other way stands above this one. */
type Props = { first: boolean; onStep: (missing: SignInStep, given: Given) => void };

export function PasswordStep({ first, onStep }: Props) {
  const password = useRef<HTMLInputElement>(null);
  const attempt = useMutation({
    mutationFn: (input: Given) => unwrapped(signIn(input)),
    onSuccess: onStep,
    onError: () => password.current?.select(),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string) => String(data.get(name) ?? "");
    attempt.mutate({ username: text("username"), password: text("password") });
  };
  return (
    <form method="post" onSubmit={submit} className="stack" style={{ gap: 16 }}>
      <TextInput
        label="Username"
        name="username"
        size="md"
        required
        autoFocus
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      <PasswordInput
        ref={password}
        label="Password"
        name="password"
        size="md"
        required
        autoComplete="current-password"
        visibilityToggleButtonProps={{ "aria-label": "Show password", tabIndex: 0 }}
      />
      <SignInError error={attempt.error} />
      <Button
        type="submit"
        variant={first ? "primary" : "default"}
        size="md"
        fullWidth
        loading={attempt.isPending || attempt.isSuccess}
      >
        Sign in
      </Button>
    </form>
  );
}
