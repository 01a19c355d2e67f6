import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { UserError } from './command.ts';

export interface Sending {
  file: string;
  url: URL;
  apiKey: string;
  contentType: string;
  /** Told of each piece that has left. */
  onProgress: (sent: number, total: number) => void;
}

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Sends a file as it is read; an answer that comes before the file is through ends the sending. */
export async function sendFile({ file, url, apiKey, contentType, onProgress }: Sending): Promise<Answer> {
  const total = await sizeOf(file);
  const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': contentType, 'Content-Length': total };
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const request = send(url, { method: 'POST', headers });
  const answered = answerTo(request);
  const source = createReadStream(file, { end: Math.max(0, total - 1) });
  let sent = 0;
  source.on('data', (chunk) => onProgress((sent += chunk.length), total));
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

function answerTo(request: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    request.on('response', (response) => {
      isAnswered = true;
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
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
