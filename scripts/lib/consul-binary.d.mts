export interface ConsulBinary {
  path: string;
  version: string;
  source: "CONSUL_BIN" | "PATH" | "cache" | "debian";
}
export function findConsul(options: { fetch: boolean; say?: (text: string) => void }): Promise<ConsulBinary>;
export function findOnPath(names: string[]): Promise<string | null>;
