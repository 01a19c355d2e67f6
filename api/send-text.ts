import { inClinic } from '../db/client.ts';
import { type NewFreeText, writeFreeText } from '../db/commands/free-texts/write.ts';
import type { ClinicId, FreeTextId } from '../domain/ids.ts';
import { type Asking, beginAttempt } from './attempt.ts';
import type { ApiDeps } from './deps.ts';
import { WAITING } from './time-limit.ts';

export interface TextWish extends Asking, Pick<NewFreeText, 'patientId' | 'to' | 'channel' | 'body'> {
  sendNow: boolean;
}

/** Stores what staff wrote and has it sent, once for each key; answers with the id that the message has once it has left. */
export async function sendText(
  { db, temporal, now }: Pick<ApiDeps, 'db' | 'temporal' | 'now'>,
  clinicId: ClinicId,
  wish: TextWish,
): Promise<FreeTextId> {
  const at = now();
  const { patientId, to, channel, body, sendNow } = wish;
  const freeTextId = await inClinic(db, clinicId, async (tx) => {
    const {
      freeTextId: id,
      requestId,
      isFirst,
    } = await beginAttempt(tx, { ...wish, clinicId, action: 'text', now: at });
    if (isFirst) await writeFreeText(tx, { clinicId, id, requestId, patientId, to, channel, body, now: at });
    return id;
  });
  await temporal.sendText({ clinicId, freeTextId, sendNow }, WAITING);
  return freeTextId;
}
