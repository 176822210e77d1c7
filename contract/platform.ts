/** What a web page cannot do alone. Electron's preload and the loopback shell's web means implement the same interface. */
export interface Platform {
  readonly shell: 'electron' | 'loopback';
  /** Native dialog; null where the shell has none (the page then uses a file input and uploads). */
  chooseImportPaths(kind: 'folder' | 'files'): Promise<readonly string[] | null>;
  /** Native dialog for a model; null where the shell has none; undefined when it was dismissed. */
  chooseModelPath(kind: 'folder' | 'zip'): Promise<string | null | undefined>;
  /** Native save dialog; null where the shell has none (the page then downloads); undefined when it was dismissed. */
  chooseSavePath(suggestedName: string): Promise<string | null | undefined>;
  /** Path of a dropped file; empty where the shell can't tell. */
  pathOfFile(file: File): string;
  /** The machine wants the vault locked (sleep, screen lock). Returns the way to stop listening. */
  onLockRequested(listener: () => void): () => void;
  /** The window is about to close; the listener may delay it until work is saved. */
  onBeforeQuit(listener: () => Promise<void>): () => void;
  revealFile(path: string): Promise<void>;
}

declare global {
  interface Window {
    /** Set by Electron's preload; absent in the loopback shell. */
    readonly lanternPlatform?: Platform;
  }
}
