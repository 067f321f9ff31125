import { z } from "zod";
import type { Reading } from "../read-keys.ts";
import type { PlainFields, Said } from "./kind.ts";

const plain: z.ZodType<PlainFields> = z.record(z.string(), z.json());

const withDc = ({ datacenter }: Reading, path: string): string =>
  `${path}${path.includes("?") ? "&" : "?"}dc=${encodeURIComponent(datacenter)}`;

/** The leader's own view, where the endpoint knows how to ask for it. */
export async function getList(reading: Reading, path: string): Promise<PlainFields[]> {
  const json = await reading.client.getJson(withDc(reading, `${path}?consistent=`), { token: reading.token });
  return z.array(plain).nullable().parse(json) ?? [];
}

export async function getOne(reading: Reading, path: string): Promise<PlainFields> {
  const json = await reading.client.getJson(withDc(reading, `${path}?consistent=`), { token: reading.token });
  return plain.parse(json);
}

export function send(
  reading: Reading,
  method: "PUT" | "POST" | "DELETE",
  path: string,
  body?: PlainFields,
): Promise<Said> {
  const { client, token, signal } = reading;
  return client.change(withDc(reading, path), {
    method,
    token,
    signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export const indexOf = (fields: PlainFields): number => Number(fields.ModifyIndex ?? 0);
