import type { z } from "zod";
import { keyBytesOfId, toKeyName } from "#core/archive/contents-index/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import {
  type RecoveryItem,
  type RecoveryItemsPage,
  recoveryActions,
  type recoveryItemsInput,
  recoveryResults,
} from "./contract.ts";
import type { RecoveryFiles } from "./files.ts";
import { type PlanItem, parsePlanItem } from "./plan-item.ts";
import { type ItemResult, loadResults } from "./results.ts";

/** Reads one page of a plan where it stands in its file; the cursor is the place of the next line. */
export async function readItems(
  files: RecoveryFiles,
  input: z.output<typeof recoveryItemsInput>,
): Promise<RecoveryItemsPage> {
  const from = toPlace(input.cursor, await files.bytesOf(input.id, "items"));
  const show = toShown(input.show);
  const results = await loadResults(files, input.id);
  const rows: RecoveryItem[] = [];
  for await (const { text, at } of files.lines(input.id, "items", from)) {
    const item = parsePlanItem(text);
    const result = results.of.get(item.n);
    if (show !== null && !show.has(item.action) && !(result !== undefined && show.has(result.result)))
      continue;
    if (rows.length === input.limit) return { rows, nextCursor: String(at) };
    rows.push(toRow(item, result));
  }
  return { rows, nextCursor: null };
}

function toRow(item: PlanItem, result: ItemResult | undefined): RecoveryItem {
  const { kind, id, label, action, liveBytes, snapshotBytes, closed, parts } = item;
  return {
    key: `${kind}:${id}`,
    kind,
    label,
    name: kind === "kv" ? toKeyName(keyBytesOfId(id)) : null,
    action,
    liveBytes,
    snapshotBytes,
    closed,
    parts,
    result: result?.result ?? null,
    resultText: result?.text ?? "",
  };
}

function toPlace(cursor: string | undefined, fileBytes: number): number {
  const from = Number(cursor ?? 0);
  if (Number.isSafeInteger(from) && from >= 0 && from <= fileBytes) return from;
  throw new AppError({ code: "invalid_input", field: "cursor", userMessage: "This page address is wrong." });
}

const shown: readonly string[] = [...recoveryActions, ...recoveryResults];

function toShown(show: string | undefined): ReadonlySet<string> | null {
  const words = (show ?? "").split(",").flatMap((word) => (word.trim() === "" ? [] : [word.trim()]));
  const wrong = words.find((word) => !shown.includes(word));
  if (wrong !== undefined)
    throw new AppError({
      code: "invalid_input",
      field: "show",
      userMessage: `There is nothing like ${wrong}.`,
    });
  return words.length === 0 ? null : new Set(words);
}
