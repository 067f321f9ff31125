"use client";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { ApiError } from "#app/_client/api.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import type { SignInInput } from "#core/access/contract.ts";
import { signIn } from "./actions.ts";

export function SignInForm({ next }: { next: string }) {
  const password = useRef<HTMLInputElement>(null);
  const attempt = useMutation({
    mutationFn: (input: SignInInput) => unwrapped(signIn(input)),
    // A whole new page, so that nothing of an earlier session stays in memory.
    onSuccess: () => window.location.assign(next),
    onError: () => password.current?.select(),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    attempt.mutate({
      username: String(data.get("username") ?? ""),
      password: String(data.get("password") ?? ""),
    });
  };
  return (
    <form onSubmit={submit} className="stack" style={{ gap: 16 }}>
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
      {attempt.error !== null && <ErrorNote title={titleOf(attempt.error)} error={attempt.error} />}
      <Button
        type="submit"
        variant="primary"
        size="md"
        fullWidth
        loading={attempt.isPending || attempt.isSuccess}
      >
        Sign in
      </Button>
      <p className="fs12 t3">Every sign-in is written to the audit log.</p>
    </form>
  );
}

function titleOf(error: unknown): string {
  if (!(error instanceof ApiError)) return "The sign-in did not reach Snapkeep.";
  if (error.code === "rate_limited") return "Too many attempts.";
  return "Not signed in.";
}
