import type { RecordKind } from "#core/archive/contract.ts";
import {
  createArchiveVerifier,
  type RecordFields,
  toPlainJson,
  type VerifyReport,
} from "#core/archive/index.ts";
import { redactRecord } from "#core/archive/redaction/index.ts";
import type { ArchiveFile } from "./archive-file.ts";
import { openBeside } from "./contents.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { complainOfFindings } from "./findings-text.ts";
import { createHeldOutput } from "./held-output.ts";
import type { CommandIo } from "./io.ts";
import { createJsonList } from "./json-list.ts";
import { countOf } from "./numbers.ts";
import { headingsOf, toRecordRow } from "./record-columns.ts";
import { createRunSeal } from "./seal.ts";
import { createTable } from "./table.ts";

export type RecordsQuestion = {
  readonly kind: RecordKind;
  readonly reveal: boolean;
  readonly format: "pretty" | "json";
};

/** A record with what is secret in it redacted, unless it was to be revealed. */
export type ShownRecord = {
  readonly identity: string;
  readonly typeName: string;
  readonly bytes: number;
  readonly fields: RecordFields;
};

/** Lists all records of a kind, in the order of state.bin. */
export async function listRecords(
  archive: ArchiveFile,
  question: RecordsQuestion,
  io: CommandIo,
): Promise<ExitCode> {
  // An index has no secrets, so revealing takes the archive.
  const beside = question.reveal ? null : await openBeside(archive);
  if (beside === null) return await listFromArchive(archive, question, io);
  const { index, close } = beside;
  try {
    io.progress.hide();
    const form = createForm(question, io.out.write);
    let after: string | undefined;
    do {
      const page = await index.records(question.kind, { limit: 1000, budgetMs: 60_000, after });
      for (const record of page.items) await form.add(record);
      after = page.next ?? undefined;
    } while (after !== undefined);
    await form.end();
    return exitCodes.fine;
  } finally {
    await close();
  }
}

async function listFromArchive(
  archive: ArchiveFile,
  question: RecordsQuestion,
  io: CommandIo,
): Promise<ExitCode> {
  const held = createHeldOutput(io.out);
  const form = createForm(question, held.write);
  const report = await readRecords(archive, question, form.add);
  io.progress.hide();
  if (!report.ok) {
    held.drop();
    await complainOfFindings(io, archive.name, report);
    return exitCodes.found;
  }
  await form.end();
  await held.release();
  return exitCodes.fine;
}

/** Reads and verifies the archive, and gives its records away after each piece of it. */
async function readRecords(
  archive: ArchiveFile,
  { kind, reveal }: RecordsQuestion,
  add: (record: ShownRecord) => Promise<void> | undefined,
): Promise<VerifyReport> {
  const seal = createRunSeal();
  let found: ShownRecord[] = [];
  const verifier = createArchiveVerifier({
    visitor: {
      other: (record) => {
        if (record.kind === kind) found.push(reveal ? record : { ...record, ...redactRecord(record, seal) });
      },
    },
  });
  const give = async (): Promise<void> => {
    const records = found;
    found = [];
    for (const record of records) await add(record);
  };
  for await (const chunk of archive.open()) {
    await verifier.write(chunk);
    await give();
  }
  const report = await verifier.end();
  await give();
  return report;
}

type Form = {
  readonly add: (record: ShownRecord) => Promise<void> | undefined;
  readonly end: () => Promise<void>;
};

function createForm(
  { kind, format }: RecordsQuestion,
  write: (text: string) => Promise<void> | undefined,
): Form {
  if (format === "json") {
    const list = createJsonList(write, { kind }, "records");
    return {
      add: ({ identity, typeName, bytes, fields }) =>
        list.add({ identity, typeName, bytes, fields: toPlainJson(fields) }),
      end: async () => void (await list.end({})),
    };
  }
  const table = createTable(write, headingsOf(kind));
  let count = 0;
  return {
    add: (record) => {
      count += 1;
      return table.add(toRecordRow(kind, record));
    },
    end: async () => {
      await table.end();
      await write(`\n${countOf(count, "record")}\n`);
    },
  };
}
