"use client";
import { Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { unwrapped } from "#app/_client/action-result.ts";
import type { PasskeySignInInput, SignInStep } from "#core/access/contract.ts";
import { beginPasskey, passkey } from "./actions.ts";
import { SignInError } from "./sign-in-error.tsx";

/** Asks for no name: the browser shows the passkeys that it has for this host. */
export function PasskeyButton({ onStep }: { onStep: (missing: SignInStep) => void }) {
  const attempt = useMutation({
    mutationFn: async () => {
      const optionsJSON = await unwrapped(beginPasskey());
      const { startAuthentication } = await import("@simplewebauthn/browser");
      const response = await startAuthentication({ optionsJSON }).catch(() => null);
      // Whoever closes the browser's dialog has changed their mind; that is no failure.
      if (response === null) return null;
      return unwrapped(passkey({ response } as unknown as PasskeySignInInput));
    },
    onSuccess: (missing) => {
      if (missing !== null) onStep(missing);
    },
  });
  const signedIn = attempt.isSuccess && attempt.data !== null;
  return (
    <>
      <Button
        variant="default"
        size="md"
        fullWidth
        leftSection={<IconKey size={18} aria-hidden />}
        loading={attempt.isPending || signedIn}
        onClick={() => attempt.mutate()}
      >
        Use a passkey
      </Button>
      <SignInError error={attempt.error} />
    </>
  );
}
