import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createInterface } from 'node:readline';
import { UserError } from './command.ts';

export interface Sending {
  file: string;
  url: URL;
  headers: Record<string, string>;
  /** Told of each line of the answer, which may begin while the file is still on its way. */
  onLine: (line: string, size: number) => void;
}

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
}

/** Sends a file as it is read; an answer that ends before the file is through ends the sending. */
export async function sendFile({ file, url, headers, onLine }: Sending): Promise<Answer> {
  const size = await sizeOf(file);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const request = send(url, { method: 'POST', headers: { ...headers, 'Content-Length': size } });
  const answered = answerTo(request, (line) => onLine(line, size));
  const source = createReadStream(file, { end: Math.max(0, size - 1) });
  source.on('error', (error) => request.destroy(error));
  source.pipe(request);
  try {
    return await answered;
  } catch (error) {
    throw explained(error, url);
  } finally {
    source.destroy();
    request.destroy();
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isFile()) return found.size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new UserError(`${file} cannot be read.`);
  }
  throw new UserError(`There is no file ${file}.`);
}

function answerTo(request: ClientRequest, onLine: (line: string) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    request.on('response', (response) => {
      isAnswered = true;
      const { statusCode: status = 0, headers } = response;
      response.on('error', reject);
      createInterface(response)
        .on('line', onLine)
        .on('close', () => resolve({ status, headers }));
    });
    // Whoever answers early may close the way by which the rest was to come.
    request.on('error', (error) => {
      if (!isAnswered) reject(error);
    });
  });
}

function explained(error: unknown, url: URL): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND') {
    return new UserError(`Nothing answers at ${url.origin}. Is the API running there? Name it by --url or API_URL.`);
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return new UserError('The connection broke. Run it again: nothing is done twice.');
  }
  return error;
}
