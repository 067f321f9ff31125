import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/browser";
import type { FinishPasskeyInput } from "#core/access/contract.ts";

/**
 * Lets the browser make a passkey. The library loads here, with the first one.
 * @param options what `account.beginPasskey` answered. @throws an Error in words for the person.
 */
export async function registerPasskey(options: {
  challenge: string;
}): Promise<FinishPasskeyInput["response"]> {
  const { startRegistration } = await import("@simplewebauthn/browser");
  // The server's own library made them; it only names the type in another package.
  const optionsJSON = options as PublicKeyCredentialCreationOptionsJSON;
  const made = await startRegistration({ optionsJSON }).catch((cause: unknown) => {
    throw new Error(wordsOf(cause), { cause });
  });
  return { ...made };
}

/** The browser says little on purpose, so that a page doesn't learn which passkeys somebody has. */
function wordsOf(cause: unknown): string {
  const name = cause instanceof Error ? cause.name : "";
  if (name === "InvalidStateError") return "This device has a passkey for this account already.";
  if (name === "NotAllowedError" || name === "AbortError") {
    return "The browser made no passkey: it was cancelled, took too long, or is not allowed here.";
  }
  return cause instanceof Error ? cause.message : "The browser made no passkey.";
}
