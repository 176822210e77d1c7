/** Progress on standard error: one line that is drawn over on a terminal, few lines in a log. */
const TERMINAL_INTERVAL_MS = 80;
const LOG_INTERVAL_MS = 1000;

export class ProgressLines {
  readonly #isTerminal = process.stderr.isTTY === true;
  #last = '';
  #saidAt = 0;

  say(line: string): void {
    const now = performance.now();
    const isSamePhase = phaseOf(line) === phaseOf(this.#last);
    const interval = this.#isTerminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
    if (line === this.#last || (isSamePhase && now - this.#saidAt < interval)) return;
    this.#last = line;
    this.#saidAt = now;
    process.stderr.write(this.#isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
  }

  end(): void {
    if (this.#isTerminal && this.#last !== '') process.stderr.write('\r\u001b[K');
  }
}

/** The line without its figures. */
function phaseOf(line: string): string {
  return line.replace(/[\d.,]+/g, '');
}
