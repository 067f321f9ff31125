import type { CompareResult, Difference, KindCounts } from "#core/archive/compare/index.ts";
import type { VerifyReport } from "#core/archive/contract.ts";
import { toJsonDifference, toTextDifference } from "./diff-lines.ts";
import type { DiffQuestion } from "./diff-question.ts";
import type { DifferenceValues } from "./diff-values.ts";
import { createJsonList } from "./json-list.ts";
import { formatCount } from "./numbers.ts";
import { type Row, writeTable } from "./table.ts";
import { visible } from "./visible-text.ts";

type Write = (text: string) => Promise<void> | undefined;

/** A difference, with what differs in it where values were asked for. */
export type ToldDifference = { readonly difference: Difference; readonly values: DifferenceValues | null };

/** One way of writing a comparison down. */
export type DiffForm = {
  readonly add: (told: ToldDifference) => Promise<void> | undefined;
  readonly end: (result: CompareResult) => Promise<void>;
};

export function createDiffForm(question: DiffQuestion, write: Write): DiffForm {
  switch (question.format) {
    case "pretty":
      return createPrettyForm(question, write);
    case "json":
      return createJsonForm(question, write);
    case "jsonl":
      return createLinesForm(question, write);
    default:
      return question.format satisfies never;
  }
}

function createPrettyForm(question: DiffQuestion, write: Write): DiffForm {
  let count = 0;
  return {
    add: (told) => {
      count += 1;
      return write(toTextDifference(told));
    },
    end: async (result) => {
      if (result.outcome !== "compared") return;
      if (count > 0) await write("\n");
      await write(`A ${visible(question.a)} → B ${visible(question.b)}: `);
      await write(count === 0 ? "no differences\n" : `${formatCount(count)} listed\n`);
      const kinds = countedKinds(question, result);
      if (kinds.length > 0) await writeCounts(write, kinds);
    },
  };
}

async function writeCounts(write: Write, kinds: readonly KindCounts[]): Promise<void> {
  const right = (count: number) => ({ right: formatCount(count) });
  const heading: Row = [
    "Kind",
    ...["Added", "Changed", "Removed", "Churn", "Same"].map((text) => ({ right: text })),
  ];
  const rows = kinds.map(
    (each): Row => [
      each.kind === "unknown" ? visible(each.typeName) : each.kind,
      ...[each.added, each.changed, each.removed, each.churn, each.identical].map(right),
    ],
  );
  await writeTable(write, heading, rows);
}

function createJsonForm(question: DiffQuestion, write: Write): DiffForm {
  const list = createJsonList(write, { a: question.a, b: question.b }, "differences");
  return {
    add: (told) => list.add(toJsonDifference(told)),
    end: async (result) => {
      await list.end(toTail(question, result));
    },
  };
}

function createLinesForm(question: DiffQuestion, write: Write): DiffForm {
  return {
    add: (told) => write(`${JSON.stringify(toJsonDifference(told))}\n`),
    end: async (result) => {
      await write(`${JSON.stringify(toTail(question, result))}\n`);
    },
  };
}

function toTail(question: DiffQuestion, { outcome, summary, reports }: CompareResult): object {
  const [a, b] = reports.map(({ ok, findings }: VerifyReport) => ({ ok, findings }));
  return {
    outcome,
    summary: summary && { ...summary, kinds: countedKinds(question, { outcome, summary, reports }) },
    archives: { a, b },
  };
}

/** The counts of the kinds that were asked for. With a prefix those of all keys would mislead. */
function countedKinds({ kinds, prefix }: DiffQuestion, { summary }: CompareResult): KindCounts[] {
  if (summary === null || prefix !== null) return [];
  return summary.kinds.filter(({ kind }) => kinds.size === 0 || kinds.has(kind));
}
