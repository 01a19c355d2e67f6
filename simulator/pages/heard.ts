import type { Rig } from '../testing.ts';

/** Reads a live stream until it has said what is looked for. */
export async function heardUntil(
  rig: Rig,
  path: string,
  expected: RegExp,
  headers: Record<string, string> = {},
): Promise<string> {
  const stop = new AbortController();
  const response = await fetch(`${rig.url}${path}`, { headers, signal: stop.signal });
  let heard = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    heard += chunk;
    if (expected.test(heard)) break;
  }
  stop.abort();
  return heard;
}
