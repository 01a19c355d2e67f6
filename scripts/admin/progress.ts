const MEGABYTE = 1024 * 1024;

/** How far a file is: one line that is written over on a terminal, a line every tenth of the way elsewhere. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  #told = -1;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  tell(sent: number, total: number): void {
    const percent = Math.floor((100 * sent) / Math.max(1, total));
    const step = this.#out.isTTY ? percent : Math.floor(percent / 10);
    if (step === this.#told) return;
    this.#told = step;
    const line = `  ${String(percent).padStart(3)} %   ${megabytes(sent)} of ${megabytes(total)} MB sent`;
    this.#out.write(this.#out.isTTY ? `\r${line}` : `${line}\n`);
  }

  /** Leaves the line to what comes next. */
  end(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001B[K');
  }
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1);
}
