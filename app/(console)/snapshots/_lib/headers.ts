import { formatNumber } from "#app/_ui/format.ts";

/** Numbers of Consul's headers in the console's form; anything else exactly as it was sent. */
export function headerValue(name: string, value: string): string {
  switch (name.toLowerCase()) {
    case "x-consul-index":
      return /^\d+$/.test(value) ? formatNumber(Number(value)) : value;
    case "x-consul-lastcontact":
      return /^\d+$/.test(value) ? `${formatNumber(Number(value))} ms` : value;
    default:
      return value;
  }
}
