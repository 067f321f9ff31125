// The list of shortcuts opens from the keyboard, from the user menu and from the phone's More sheet.
const listeners = new Set<() => void>();

export function openShortcuts(): void {
  for (const listener of listeners) listener();
}

export function onOpenShortcuts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
