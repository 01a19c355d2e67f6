import { createHash, randomBytes } from 'node:crypto';

/** The key to a patient's page: 128 bits. Only its digest is ever stored. */
export function newPageToken(): { token: string; digest: Buffer } {
  const token = randomBytes(16).toString('base64url');
  return { token, digest: sha256(token) };
}

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
