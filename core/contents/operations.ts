import type { ActContext } from "#core/db/index.ts";
import { defineOperation } from "#core/kernel/operation.ts";
import type { SnapshotService } from "#core/snapshots/index.ts";
import {
  childrenInput,
  childrenPage,
  contentsSummary,
  keyValue,
  recordsInput,
  recordsPage,
  revealedRecord,
  revealedValue,
  revealRecordInput,
  revealValueInput,
  searchInput,
  searchPage,
  summaryInput,
  valueInput,
} from "./contract.ts";
import { keyLabel } from "./rows.ts";
import type { ContentsService } from "./service.ts";

export function createContentsOperations(deps: { contents: ContentsService; snapshots: SnapshotService }) {
  const { contents, snapshots } = deps;
  const targetOf = async (id: string) => {
    const place = await snapshots.placeOf(id);
    return { kind: "snapshot", id, label: `${place.datacenter ?? "archive"}, ${id}`, places: [place] };
  };
  const lookedInto = (_context: ActContext, { id }: { id: string }) => targetOf(id);
  const seenWith = "snapshot.read" as const;
  const reading = { audit: "none" as const, auditAction: "snapshot.look", seenWith, target: lookedInto };
  const revealing = {
    seenWith,
    permission: "secret.reveal" as const,
    audit: "act" as const,
    auditAction: "secret.reveal",
  };

  return {
    "contents.summary": defineOperation({
      name: "contents.summary",
      input: summaryInput,
      output: contentsSummary,
      permission: "snapshot.read",
      ...reading,
      run: (_context: ActContext, input) => contents.summary(input.id),
    }),
    "contents.children": defineOperation({
      name: "contents.children",
      input: childrenInput,
      output: childrenPage,
      permission: "snapshot.read",
      ...reading,
      run: (_context: ActContext, input) => contents.children(input),
    }),
    "contents.search": defineOperation({
      name: "contents.search",
      input: searchInput,
      output: searchPage,
      permission: "snapshot.read",
      ...reading,
      run: (_context: ActContext, input) => contents.search(input),
    }),
    "contents.records": defineOperation({
      name: "contents.records",
      input: recordsInput,
      output: recordsPage,
      permission: "snapshot.read",
      ...reading,
      run: (_context: ActContext, input) => contents.records(input),
    }),
    "contents.value": defineOperation({
      name: "contents.value",
      input: valueInput,
      output: keyValue,
      permission: "snapshot.values",
      // A value can be a secret that doesn't look like one: who read it stands in the log.
      audit: "read",
      auditAction: "snapshot.values",
      seenWith,
      target: lookedInto,
      detail: (input) => `key ${keyLabel(input.keyId)}`,
      run: (_context: ActContext, input) => contents.value(input.id, input.keyId),
    }),
    "contents.revealValue": defineOperation({
      name: "contents.revealValue",
      input: revealValueInput,
      output: revealedValue,
      ...revealing,
      target: (_context: ActContext, input) => targetOf(input.id),
      reason: (input) => input.reason,
      detail: (input) => `key ${keyLabel(input.keyId)}`,
      run: (_context: ActContext, input) => contents.revealValue(input.id, input.keyId),
    }),
    "contents.revealRecord": defineOperation({
      name: "contents.revealRecord",
      input: revealRecordInput,
      output: revealedRecord,
      ...revealing,
      target: (_context: ActContext, input) => targetOf(input.id),
      reason: (input) => input.reason,
      detail: (input) => `${input.kind} ${input.identity.slice(0, 200)}`,
      run: (_context: ActContext, input) => contents.revealRecord(input.id, input.kind, input.identity),
    }),
  };
}
