"use client";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import type { FormEvent } from "react";
import { unwrapped } from "#app/_client/action-result.ts";
import { ApiError } from "#app/_client/api.ts";
import { ErrorNote } from "#app/_ui/error-panel.tsx";
import type { SetupInput } from "#core/access/contract.ts";
import { createFirstAdmin } from "../actions.ts";
import { sessionQuery } from "../queries.ts";
import { StepActions, StepBody } from "./step.tsx";

const fields = ["setupToken", "username", "password"] as const;

/** Whoever can read Snapkeep's output may create the first account: the setup token proves it. */
export function AdminStep() {
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (input: SetupInput) => unwrapped(createFirstAdmin(input)),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
  const error = create.error instanceof ApiError ? create.error : null;
  const errorOf = (field: (typeof fields)[number]) => (error?.field === field ? error.message : undefined);
  const elsewhere = create.error !== null && !fields.some((field) => errorOf(field) !== undefined);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string) => String(data.get(name) ?? "");
    create.mutate({ setupToken: text("setupToken"), username: text("username"), password: text("password") });
  };
  return (
    <form method="post" onSubmit={submit} noValidate>
      <StepBody>
        <TextInput
          label="Setup token"
          name="setupToken"
          required
          autoFocus
          autoComplete="off"
          spellCheck={false}
          error={errorOf("setupToken")}
          description="Printed where Snapkeep was started, and kept until the first account exists."
        />
        <TextInput
          label="Username"
          name="username"
          required
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          error={errorOf("username")}
          description="2 to 40 of a-z, 0-9, dot, dash, underscore."
        />
        <PasswordInput
          label="Password"
          name="password"
          required
          autoComplete="new-password"
          error={errorOf("password")}
          description="At least 12 characters."
          visibilityToggleButtonProps={{ "aria-label": "Show password", tabIndex: 0 }}
        />
        {elsewhere && (
          <ErrorNote title="No account was created." error={create.error}>
            {error?.code === "conflict" && (
              <Link href="/sign-in" className="link">
                Sign in
              </Link>
            )}
          </ErrorNote>
        )}
        <StepActions>
          <Button type="submit" variant="primary" loading={create.isPending}>
            Create admin
          </Button>
        </StepActions>
      </StepBody>
    </form>
  );
}
