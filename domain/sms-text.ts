import { SegmentedMessage } from 'sms-segments-calculator';

const plainForms: readonly [RegExp, string][] = [
  [/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, ' '],
  [/[\u00ad\u200b-\u200f\u2060\ufeff]/g, ''],
  [/[\u2018\u2019\u201a\u201b\u2032]/g, "'"],
  [/[\u201c-\u201f\u2033\u00ab\u00bb]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/\u2026/g, '...'],
];

/** The same text without the typography that would make every segment 70 characters long; letters stay as they are. */
export function toSmsText(text: string): string {
  const composed = text.normalize('NFC');
  return plainForms.reduce((plain, [form, replacement]) => plain.replace(form, replacement), composed).trim();
}

export interface SmsSize {
  segments: number;
  encoding: 'GSM-7' | 'UCS-2';
}

/** What the carrier will bill for this text. */
export function smsSize(text: string): SmsSize {
  const message = new SegmentedMessage(text);
  return { segments: message.segmentsCount, encoding: message.encodingName };
}
