"use client";
import { Button } from "@mantine/core";
import { IconIdBadge2 } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import { beginProvider } from "./actions.ts";
import { SignInError } from "./sign-in-error.tsx";

export function ProviderButton({ provider, next }: { provider: string; next: string }) {
  const begin = useMutation({
    mutationFn: () => unwrapped(beginProvider(next)),
    onSuccess: (url) => window.location.assign(url),
  });
  return (
    <>
      <Button
        variant="primary"
        size="md"
        fullWidth
        leftSection={<IconIdBadge2 size={18} aria-hidden />}
        loading={begin.isPending || begin.isSuccess}
        onClick={() => begin.mutate()}
      >
        Continue with {provider}
      </Button>
      <SignInError error={begin.error} />
    </>
  );
}
