/**
 * Everything that Find (Ctrl K) can find: each feature registers its commands while it is on screen. Example, a tool list:
 * `useEffect(() => registerCommands('tools', tools.map(…)), [tools])`. Next: Find.tsx.
 */
import { spotlight } from '@mantine/spotlight';
import type { TablerIcon } from '@tabler/icons-react';
import { create } from 'zustand';

export interface Command {
  readonly id: string;
  readonly label: string;
  /** Heading in the list: "Tools", "Studies", "Settings". */
  readonly group: string;
  readonly description?: string;
  /** Further words it is found by. */
  readonly keywords?: readonly string[];
  readonly icon?: TablerIcon;
  /** As a person reads it: "B", "Ctrl Z". */
  readonly shortcut?: string;
  readonly run: () => void;
}

interface CommandRegistry {
  readonly sets: ReadonlyMap<string, readonly Command[]>;
}

const useRegistry = create<CommandRegistry>()(() => ({ sets: new Map() }));

/** Replaces the set of that name. @returns the way to take it out again */
export function registerCommands(id: string, commands: readonly Command[]): () => void {
  useRegistry.setState(({ sets }) => ({ sets: new Map(sets).set(id, commands) }));
  return () =>
    useRegistry.setState(({ sets }) => {
      // A newer set of the same name stays: effects of the next screen may run before this clean-up.
      if (sets.get(id) !== commands) return { sets };
      const left = new Map(sets);
      left.delete(id);
      return { sets: left };
    });
}

export function useCommandSets(): ReadonlyMap<string, readonly Command[]> {
  return useRegistry((state) => state.sets);
}

export function openFind(): void {
  spotlight.open();
}

export function closeFind(): void {
  spotlight.close();
}
