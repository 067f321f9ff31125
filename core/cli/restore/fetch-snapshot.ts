import { open, rm } from "node:fs/promises";
import { type VerifyReport, verifyArchive } from "#core/archive/index.ts";
import { fromFault } from "#core/consul/index.ts";
import { AppError } from "#core/kernel/errors.ts";
import type { RestoreTarget } from "./target.ts";

/**
 * Asks the leader for a snapshot and writes it into a file that must not be there, for this user alone.
 * @returns what was verified on the way: every byte has been.
 * @throws AppError in Consul's words, or why it does not verify; the file is gone then.
 */
export async function fetchSnapshot(
  { client, datacenter, timeouts }: RestoreTarget,
  file: string,
  token: string | undefined,
): Promise<VerifyReport> {
  const handle = await open(file, "wx", 0o600).catch((error: unknown) => {
    throw notWritten(file, error);
  });
  try {
    const answer = await client.getSnapshot({
      datacenter,
      stale: false,
      token,
      firstByteTimeoutMs: timeouts.firstByteMs,
      idleTimeoutMs: timeouts.idleMs,
      signal: new AbortController().signal,
    });
    const body = answer.body as AsyncIterable<Buffer>;
    const report = await verifyArchive(written(body, handle.write.bind(handle)), {}).catch(
      (error: unknown) => {
        throw isDisk(error) ? notWritten(file, error) : fromFault(error, answer.address);
      },
    );
    if (!report.ok) throw notWhole(report);
    await handle.sync();
    await handle.close();
    return report;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(file, { force: true });
    throw error;
  }
}

async function* written(
  body: AsyncIterable<Buffer>,
  write: (chunk: Buffer) => Promise<{ bytesWritten: number }>,
): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    for (let rest = chunk; rest.length > 0; ) rest = rest.subarray((await write(rest)).bytesWritten);
    yield chunk;
  }
}

function isDisk(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && error.syscall === "write";
}

function notWritten(file: string, cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const userMessage = `${file} can't be written: ${why}.`;
  return new AppError({ code: "storage_failed", userMessage, cause });
}

function notWhole(report: VerifyReport): AppError {
  const first = report.findings[0];
  const text = first?.text ?? "it does not verify.";
  return new AppError({
    code: "consul_broken_stream",
    userMessage: first?.code === "APPENDED_TEXT" ? text : `Consul's answer is not a whole archive: ${text}`,
    retryable: true,
  });
}
