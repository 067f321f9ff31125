/** What is written into the file of recovery codes, so that whoever finds it in years knows what it is. */
export function recoveryText(codes: readonly string[], name: string, host: string): string {
  return [
    `Snapkeep recovery codes of ${name} at ${host}`,
    "Each works once, in place of a code.",
    "",
    ...codes,
    "",
  ].join("\n");
}
