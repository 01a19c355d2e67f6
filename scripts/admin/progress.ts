/** How far a file is: one line that is written over on a terminal, a line every tenth of the way elsewhere. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  #told = -1;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  tell(share: number, rows: number): void {
    const percent = Math.floor(100 * share);
    const step = this.#out.isTTY ? percent : Math.floor(percent / 10);
    if (step === this.#told) return;
    this.#told = step;
    const line = `  ${String(percent).padStart(3)} %   ${rows.toLocaleString('en')} rows`;
    this.#out.write(this.#out.isTTY ? `\r${line}` : `${line}\n`);
  }

  /** Leaves the line to what comes next. */
  end(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001B[K');
  }
}
