/** Text that the report's font can print. What it cannot is written as its code, and the report says so. */
import type { Coverage } from './fontCoverage.ts';

export class PrintableText {
  readonly #covers: Coverage;
  #replaced = false;

  constructor(covers: Coverage) {
    this.#covers = covers;
  }

  /** Whether some character had to be written as its code. */
  get replaced(): boolean {
    return this.#replaced;
  }

  /** @returns "王" as "[U+738B]" where the font lacks it */
  of(text: string): string {
    return [...text.normalize('NFC')]
      .map((character) => {
        const code = character.codePointAt(0) ?? 0;
        if (character === '\n') return character;
        if (code < 0x20 || code === 0x7f) return ' ';
        if (this.#covers(code)) return character;
        this.#replaced = true;
        return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
      })
      .join('');
  }
}
