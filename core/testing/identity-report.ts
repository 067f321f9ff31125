import type { IdentityReport } from "#core/archive/identity/index.ts";

/** What a comparison of nine records says that are all there; `more` is what else it found. */
export const identityReport = (more: Partial<IdentityReport> = {}): IdentityReport => ({
  matches: true,
  isExact: false,
  wanted: 9,
  found: 9,
  equal: 9,
  moved: 0,
  writtenSince: 0,
  unexplained: 0,
  kinds: [],
  examples: [],
  foundIndex: null,
  ...more,
});
