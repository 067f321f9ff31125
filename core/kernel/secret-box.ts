import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { AppError } from "./errors.ts";

/**
 * Seals secrets at rest with AES-256-GCM. The context (for example `cluster:c-123:token`) is authenticated
 * with the text, so that a sealed value copied into another row does not open there.
 */
export type SecretBox = {
  seal(plain: string, context: string): string;
  /** Throws when the key or the context is another one, or a bit was changed. */
  open(sealed: string, context: string): string;
  /** HMAC-SHA-256 under a key derived for this purpose, hex. For tickets and fingerprints. */
  sign(purpose: string, text: string): string;
};

const version = "v1";
const nonceBytes = 12;
const tagBytes = 16;

/** @param masterKey at least 32 characters of secret, or 32 random bytes as text. */
export function createSecretBox(masterKey: string): SecretBox {
  const derive = (purpose: string) => Buffer.from(hkdfSync("sha256", masterKey, "snapkeep", purpose, 32));
  const sealKey = derive("seal");

  return {
    seal(plain, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", sealKey, nonce);
      cipher.setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return `${version}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url")}`;
    },
    open(sealed, context) {
      try {
        if (!sealed.startsWith(`${version}.`)) throw new Error("unknown version of a sealed value");
        const bytes = Buffer.from(sealed.slice(version.length + 1), "base64url");
        const decipher = createDecipheriv("aes-256-gcm", sealKey, bytes.subarray(0, nonceBytes));
        decipher.setAAD(Buffer.from(context));
        decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
        const body = bytes.subarray(nonceBytes + tagBytes);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
      } catch (cause) {
        throw new AppError({
          code: "internal",
          userMessage:
            "A stored secret does not open with this key. Was SNAPKEEP_SECRET or the key file replaced? Enter the token again.",
          cause,
        });
      }
    },
    sign(purpose, text) {
      return createHmac("sha256", derive(`sign:${purpose}`))
        .update(text)
        .digest("hex");
    },
  };
}
