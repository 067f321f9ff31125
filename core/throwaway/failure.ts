import type { ThrowawayProcess } from "./process.ts";

/** A drill that ends as `failed`; the message is its sentence. */
export class DrillFailed extends Error {
  override readonly name = "DrillFailed";
}

const wordsCharsMax = 500;

/** One line, as short as a screen wants it. */
export function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length > wordsCharsMax ? `${line.slice(0, wordsCharsMax)}…` : line;
}

export const isFullDisk = (text: string): boolean => /no space left on device|ENOSPC/i.test(text);

/** Whether this machine is the reason, and not what Consul was given: somebody killed it, or its disk is full. */
export function isEndedByMachine(consul: ThrowawayProcess): boolean {
  return consul.killedBy() !== null || isFullDisk(consul.log());
}

/** Why a Consul ended, in its own words: what it panicked with, else its last error. */
export function deathWords(consul: ThrowawayProcess, version: string): string {
  const log = consul.log();
  const panics = [...log.matchAll(/^\s*(?:panic|fatal error): (.*)$/gm)];
  const panic = panics.at(-1)?.[1];
  if (panic !== undefined) return `Consul ${version} panicked: ${oneLine(panic)}`;
  const killedBy = consul.killedBy();
  if (killedBy !== null) return `Consul ${version} was ended from outside (${killedBy}).`;
  const errors = [...log.matchAll(/^(?:==> |.*\[ERR(?:OR)?\]\s*)(.*)$/gm)];
  const last = errors.at(-1)?.[1] ?? log.trim().split("\n").at(-1) ?? "";
  return `Consul ${version} ended: ${oneLine(last)}`;
}
