/** Tells whoever shows models that one came or went. */
const listeners = new Set<() => void>();

/** @returns the way to stop listening */
export function onModelsChanged(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellModelsChanged(): void {
  for (const listener of listeners) listener();
}
