import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { NextTurn, OpeningStatus } from '../../domain/opening.ts';
import { openingStatusAttribute } from '../search-attributes.ts';

/** What a timer waits for. */
export const comingUp: Record<NextTurn['what'], string> = {
  wave: 'the next are asked',
  morning: 'the night is over and the next are asked',
  noticeLimit: 'it is too near to the time',
};

/** Says that nothing was opened. */
export function showRefusal(code: string): void {
  setCurrentDetails(`**Refused** with \`${code}\`: the time was not opened.`);
}

/** Keeps searchable what has changed: one upsert, and none where operators would see no difference. */
export function showStatus(before: OpeningStatus, after: OpeningStatus): void {
  if (before !== after) upsertSearchAttributes([{ key: openingStatusAttribute, value: after }]);
}
