interface Decoder {
  decode(chunk?: Uint8Array, options?: { stream: boolean }): string;
}

/** So many bytes from the first one beyond ASCII tell the encoding. */
const TELLING = 4_096;

/**
 * Bytes as text. A byte order mark decides; else it is UTF-8 if most of what is not ASCII at its beginning is, otherwise
 * Windows-1252. Bytes that the encoding does not have become U+FFFD.
 */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: Decoder | undefined;
  let kept: Uint8Array = new Uint8Array();
  for await (const chunk of bytes) {
    if (decoder) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    const all = kept.length > 0 ? Buffer.concat([kept, chunk]) : chunk;
    const first = all.findIndex((byte) => byte > 0x7f);
    const isTelling = all.length - first >= TELLING;
    kept = first >= 0 && !isTelling ? all : new Uint8Array();
    if (first < 0) yield Buffer.from(all).toString('latin1');
    else if (isTelling) yield (decoder = decoderFor(all, first)).decode(all, { stream: true });
  }
  const first = kept.findIndex((byte) => byte > 0x7f);
  yield (decoder ?? decoderFor(kept, first)).decode(kept);
}

function decoderFor(bytes: Uint8Array, first: number): Decoder {
  const [one, two] = bytes;
  if (one === 0xff && two === 0xfe) return new TextDecoder('utf-16le');
  if (one === 0xfe && two === 0xff) return new TextDecoder('utf-16be');
  return isMostlyUtf8(bytes, first) ? new TextDecoder() : new Windows1252();
}

function isMostlyUtf8(bytes: Uint8Array, first: number): boolean {
  // The longest character has four bytes: one that begins here is at hand as a whole, unless the file ends before.
  const end = Math.min(bytes.length, first + TELLING - 3);
  let characters = 0;
  let strays = 0;
  for (let at = Math.max(0, first); at < end;) {
    const length = utf8Length(bytes, at);
    if (length > 1) characters += 1;
    if (length === 0) strays += 1;
    at += Math.max(1, length);
  }
  return characters > strays;
}

/** Of the character that begins here; 0 if it is none. */
function utf8Length(bytes: Uint8Array, start: number): number {
  const lead = bytes[start] ?? 0;
  if (lead <= 0x7f) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  const tail = bytes.subarray(start + 1, start + length);
  const isWhole = lead >= 0xc2 && lead <= 0xf4 && tail.length === length - 1;
  return isWhole && tail.every((byte) => byte >> 6 === 0b10) ? length : 0;
}

// Some versions of Node read the label windows-1252 as Latin-1, which has control characters where these stand.
const between0x80And0x9f = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

class Windows1252 implements Decoder {
  decode(chunk: Uint8Array = new Uint8Array()): string {
    return Buffer.from(chunk)
      .toString('latin1')
      .replace(/[\u0080-\u009f]/g, (character) => between0x80And0x9f.charAt(character.charCodeAt(0) - 0x80));
  }
}
