import { describe, expect, it } from 'vitest';
import type { ErrorCode } from './errors.ts';
import { type AnsweredQuestion, consequenceOf } from './inbound-consequence.ts';
import type { AnswerOutcome } from './inbound-outcome.ts';
import type { QuestionAnswer } from './question.ts';

const visit: AnsweredQuestion = {
  kind: 'attend',
  isVisitActive: true,
  isConfirmed: true,
  isGivenUp: false,
  isPatientsPhone: true,
  hasOwnVisit: false,
  offerStatus: null,
  isBeingTold: false,
};
const offer: AnsweredQuestion = { ...visit, kind: 'offer', isVisitActive: false };

/** "reply/task", of which each may be nothing. */
function consequence(
  outcome: AnswerOutcome['outcome'],
  about: AnsweredQuestion,
  { answer = 'cannotCome', code }: { answer?: QuestionAnswer; code?: ErrorCode } = {},
): string {
  const { reply, task } = consequenceOf({ outcome, answer, ...(code && { code }) }, about);
  return `${reply ?? '-'}/${task ?? '-'}`;
}

describe('an answer that has changed something', () => {
  it('needs no reply but the message about the change', () => {
    expect(consequence('done', visit)).toBe('-/-');
    expect(consequence('acting', visit)).toBe('-/-');
    expect(consequence('handedOn', { ...offer, offerStatus: 'asked' }, { answer: 'take' })).toBe('-/-');
  });

  it('is told that the visit stands where it was a no that leaves one as it is', () => {
    const no = { answer: 'decline' } as const;
    expect(consequence('done', { ...visit, kind: 'cancel' }, no)).toBe('stands/-');
    expect(consequence('done', { ...visit, kind: 'proposal', hasOwnVisit: true }, no)).toBe('stands/-');
    expect(consequence('done', { ...visit, kind: 'proposal' }, no)).toBe('-/-');
    expect(consequence('done', offer, no)).toBe('-/-');
    expect(consequence('done', { ...visit, kind: 'cancel' }, { answer: 'cancel' })).toBe('-/-');
  });
});

describe('an answer after another one', () => {
  it('is told so where it is the same, unless the opening is about to tell', () => {
    expect(consequence('repeated', visit)).toBe('repeated/-');
    expect(consequence('repeated', { ...offer, offerStatus: 'won' })).toBe('repeated/-');
    expect(consequence('repeated', visit, { answer: 'confirm' })).toBe('repeated/-');
    expect(consequence('repeated', { ...visit, isVisitActive: false }, { answer: 'confirm' })).toBe('tooLate/-');
    for (const offerStatus of ['planned', 'asked'] as const) {
      expect(consequence('repeated', { ...offer, offerStatus })).toBe('-/-');
    }
  });

  it('is asked back where it is another, as long as there is something to cancel', () => {
    expect(consequence('confirmOther', visit)).toBe('confirmCancel/-');
    expect(consequence('confirmOther', { ...visit, isVisitActive: false })).toBe('callUs/-');
    expect(consequence('confirmOther', { ...visit, isGivenUp: true })).toBe('callUs/-');
  });
});

describe('an answer about a time that the visit no longer has', () => {
  it('is asked again, of the phone at which the patient is reached', () => {
    expect(consequence('superseded', visit)).toBe('askAgain/-');
    expect(consequence('refused', visit, { code: 'ACTION_NOT_ALLOWED' })).toBe('askAgain/-');
  });

  it('is asked back where it gives up a reservation that was confirmed meanwhile', () => {
    const giveUp = { answer: 'giveUp', code: 'ACTION_NOT_ALLOWED' } as const;
    const reservation = { ...visit, kind: 'confirm' } as const;
    expect(consequence('refused', reservation, giveUp)).toBe('confirmCancel/-');
    expect(consequence('refused', { ...reservation, isConfirmed: false }, giveUp)).toBe('askAgain/-');
  });

  it('is for staff where the phone is no longer the patient’s', () => {
    const other = { ...visit, isPatientsPhone: false };
    expect(consequence('superseded', other)).toBe('callUs/inboundText');
    expect(consequence('refused', other, { code: 'ACTION_NOT_ALLOWED' })).toBe('callUs/inboundText');
  });
});

describe('an answer that comes too late', () => {
  it('is told that the time is taken, unless that word is on its way', () => {
    const take = { answer: 'take' } as const;
    expect(consequence('taken', { ...offer, offerStatus: 'gone' }, take)).toBe('taken/-');
    expect(consequence('taken', { ...offer, offerStatus: 'undeliverable' }, take)).toBe('taken/-');
    expect(consequence('taken', { ...offer, offerStatus: 'gone', isBeingTold: true }, take)).toBe('-/-');
  });

  it('is for staff as well where a time that was wanted may still be free', () => {
    for (const offerStatus of ['lapsed', 'undeliverable'] as const) {
      expect(consequence('over', { ...offer, offerStatus }, { answer: 'take' })).toBe('tooLate/lateAnswer');
      expect(consequence('over', { ...offer, offerStatus }, { answer: 'decline' })).toBe('tooLate/-');
    }
    expect(consequence('over', { ...offer, offerStatus: 'void' }, { answer: 'take' })).toBe('tooLate/-');
    expect(consequence('over', visit)).toBe('tooLate/-');
  });
});

describe('an answer that is refused', () => {
  it.each<[ErrorCode | undefined, AnsweredQuestion, string]>([
    ['TOO_LATE_TO_CANCEL', visit, 'tooLateToCancel/lateCancel'],
    ['STAFF_ONLY', visit, 'callUs/lateCancel'],
    ['APPOINTMENT_EXPIRED', visit, 'tooLate/-'],
    ['APPOINTMENT_CLOSED', visit, 'tooLate/-'],
    ['ACTION_NOT_ALLOWED', { ...visit, isVisitActive: false }, 'callUs/inboundText'],
    ['ACTION_NOT_ALLOWED', { ...visit, kind: 'proposal' }, 'callUs/inboundText'],
    ['SLOT_TAKEN', { ...visit, kind: 'proposal' }, 'callUs/inboundText'],
    [undefined, visit, 'callUs/inboundText'],
  ])('with %s is explained, and staff look where they can help', (code, about, expected) => {
    expect(consequence('refused', about, code ? { code } : {})).toBe(expected);
  });
});
