import { Agent, request } from "undici";
import { AppError } from "#core/kernel/errors.ts";
import { literalAddress, type TargetPolicy } from "#core/kernel/target-policy.ts";

const timeoutMs = 10_000;

/**
 * Posts JSON to somebody else's server. Redirects are not followed: they could lead to where the address may not.
 * @throws AppError for a refused target, a fault or an answer other than 2xx.
 */
export async function postJson(url: string, body: unknown, targets: TargetPolicy): Promise<void> {
  const { protocol, hostname, host } = new URL(url);
  const literal = literalAddress(hostname);
  const reason = literal === null ? null : targets.refusal(literal);
  if (reason !== null || !/^https?:$/.test(protocol))
    throw failed(host, reason ?? "only http and https are used");
  const dispatcher = new Agent({ connect: { timeout: timeoutMs, lookup: targets.lookup } });
  try {
    const answer = await request(url, {
      dispatcher,
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "snapkeep" },
      body: JSON.stringify(body),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    await answer.body.dump();
    if (answer.statusCode < 200 || answer.statusCode > 299)
      throw failed(host, `it answered ${answer.statusCode}`);
  } finally {
    await dispatcher.destroy();
  }
}

function failed(host: string, why: string): AppError {
  return new AppError({ code: "internal", userMessage: `${host} can't be told: ${why}.` });
}
