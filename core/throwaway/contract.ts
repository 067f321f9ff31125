import type { IdentityReport } from "#core/archive/identity/index.ts";

/** What came out of a Consul that an archive was restored into, against the archive. Browser-safe: types only. */
export type ThrowawayReport = Omit<IdentityReport, "foundIndex"> & {
  /** Keys read back through the KV API, and how many of them had the archive's bytes and flags. */
  readonly sampledKeys: number;
  readonly sampledEqual: number;
  /** From the first byte read of the archive until Consul was ready to take it. */
  readonly startMs: number;
  /** From the first byte sent until Consul served what it had taken. */
  readonly restoreMs: number;
  readonly compareMs: number;
};

export type ThrowawayPhase = "starting" | "restoring" | "comparing" | "removing";

export type ThrowawayResult = {
  /**
   * `failed`: Consul did not take the archive, could not be started, or needed too long. `differs`: it took it, and
   * something is not as in the archive.
   */
  readonly outcome: "passed" | "differs" | "failed";
  /** One sentence, in Consul's words where it spoke. */
  readonly text: string;
  /** The versions of the servers that the archive knows; empty where it doesn't say. */
  readonly archiveVersions: readonly string[];
  /**
   * Whether this says something about the archive. What ended before it was sent, or for a reason of this machine (the
   * time limit, a full disk, a Consul that was killed from outside), does not.
   */
  readonly isProof: boolean;
  /** Null unless Consul took the archive. */
  readonly report: ThrowawayReport | null;
  readonly durationMs: number;
};
