import type { Caller } from "#core/kernel/operation.ts";
import type { HoldPoint } from "./hold.ts";
import type { OperationName, Person } from "./runtime.ts";

/** What a test and the server process that it started say to each other. */
export type ToServer =
  | { kind: "execute"; call: number; name: OperationName; caller: Caller | null; input: unknown }
  | { kind: "hold"; call: number; point: HoldPoint }
  | { kind: "stop"; call: number };

export type FromServer =
  | { kind: "ready"; origin: string; cookie: string; person: Person }
  | { kind: "failed"; text: string }
  /** An act waits where the hold of this call had been set. */
  | { kind: "reached"; call: number }
  | { kind: "answer"; call: number; output: unknown }
  | { kind: "refusal"; call: number; code: string; text: string };
