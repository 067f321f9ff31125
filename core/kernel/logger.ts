import pino, { type Logger as PinoLogger } from "pino";

export type Logger = Pick<PinoLogger, "debug" | "info" | "warn" | "error"> & {
  child(bindings: Record<string, unknown>): Logger;
};

// Whatever carries a secret under one of these names is cut out at any depth that we log.
const secretNames = [
  "token",
  "password",
  "newPassword",
  "currentPassword",
  "recoveryCode",
  "recoveryCodes",
  "secret",
  "clientSecret",
  "accessToken",
  "idToken",
  "refreshToken",
  "setupToken",
  "clientKeyPem",
  "authorization",
  "cookie",
  "set-cookie",
  "setCookies",
  "x-consul-token",
  "X-Consul-Token",
];

/** JSON lines to standard output. Secrets are removed by name; nothing that we log carries one in a text. */
export function createLogger(level: string, destination?: pino.DestinationStream): Logger {
  const paths = secretNames.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);
  const options: pino.LoggerOptions = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths, censor: "[redacted]" },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
