export function bundle(): Promise<void>;
export function bundleCommand(folder: string): Promise<void>;
export function bundleInto(
  folder: string,
  entries: Record<string, string>,
  options?: { packages?: "external" | "bundle" },
): Promise<void>;
