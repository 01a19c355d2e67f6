import { describe, expect, it } from 'vitest';
import { type AppointmentStatus, appointmentStatuses } from './appointment.ts';
import type { OfferStatus, OpeningStatus } from './opening.ts';
import { type QuestionFacts, standingOf } from './question-state.ts';

const now = 1_000;
const facts: QuestionFacts = {
  kind: 'confirm',
  answeredAs: null,
  isKnown: true,
  version: 1,
  visit: null,
  offerStatus: null,
  openingStatus: null,
  proposal: null,
};

/** "state", or "state:answer". */
function standing(change: Partial<QuestionFacts>): string {
  const { state, answeredAs } = standingOf({ ...facts, ...change }, now);
  return answeredAs === null ? state : `${state}:${answeredAs}`;
}

const visit = (status: AppointmentStatus, changes: Partial<NonNullable<QuestionFacts['visit']>> = {}) => ({
  visit: { status, version: 1, startsAt: now + 1, ...changes },
});

describe('a question about a visit', () => {
  it('is open while the visit is to take place, and over with it', () => {
    for (const kind of ['attend', 'cancel'] as const) {
      for (const status of appointmentStatuses) {
        const isActive = status === 'pending' || status === 'booked';
        expect([status, standing({ kind, ...visit(status) })]).toEqual([status, isActive ? 'open' : 'over']);
      }
      expect(standing({ kind, ...visit('booked', { startsAt: now }) })).toBe('over');
    }
    expect(standing({})).toBe('over');
  });

  it('whether it is confirmed is answered where it is, by whomever', () => {
    expect(standing(visit('pending'))).toBe('open');
    expect(standing(visit('booked'))).toBe('answered:confirm');
  });

  it('at another time of it is superseded, whatever was answered', () => {
    expect(standing(visit('booked', { version: 2 }))).toBe('superseded');
    expect(standing({ ...visit('pending', { version: 2 }), answeredAs: 'confirm' })).toBe('superseded:confirm');
    expect(standing(visit('cancelled', { version: 2 }))).toBe('over');
  });

  it('stays answered as it was', () => {
    expect(standing({ ...visit('cancelled'), answeredAs: 'giveUp' })).toBe('answered:giveUp');
    expect(standing({ kind: 'cancel', ...visit('booked'), answeredAs: 'decline' })).toBe('answered:decline');
  });
});

describe('a question whose text has not left, or was lost', () => {
  it('is answered by its code alone, as long as it is open', () => {
    expect(standing({ isKnown: false, kind: 'cancel', ...visit('booked') })).toBe('unheard');
    expect(standing({ isKnown: false, kind: 'cancel', ...visit('cancelled') })).toBe('over');
    const proposal = { status: 'waiting', expiresAt: now } as const;
    expect(standing({ isKnown: false, kind: 'proposal', proposal })).toBe('unheard');
  });
});

describe('an offer', () => {
  it.each<[OfferStatus, string]>([
    ['planned', 'open'],
    ['asked', 'open'],
    ['won', 'answered:take'],
    ['gone', 'taken'],
    ['lapsed', 'over'],
    ['declined', 'over'],
    ['void', 'over'],
  ])('that is %s is %s', (offerStatus, expected) => {
    expect(standing({ kind: 'offer', offerStatus, openingStatus: 'offering' })).toBe(expected);
  });

  it.each<[OpeningStatus, string]>([
    ['offering', 'unheard'],
    ['filled', 'taken'],
    ['withdrawn', 'taken'],
    ['unfilled', 'over'],
  ])('that is undeliverable, where its time is %s, is %s', (openingStatus, expected) => {
    expect(standing({ kind: 'offer', offerStatus: 'undeliverable', openingStatus })).toBe(expected);
  });

  it('that is answered waits for its turn, and keeps its answer when it ends', () => {
    expect(standing({ kind: 'offer', offerStatus: 'asked', answeredAs: 'take' })).toBe('answered:take');
    expect(standing({ kind: 'offer', offerStatus: 'declined', answeredAs: 'decline' })).toBe('over:decline');
  });
});

describe('a proposal', () => {
  it('is open to the last instant, unless it was answered', () => {
    const at = (expiresAt: number) => ({ kind: 'proposal', proposal: { status: 'waiting', expiresAt } }) as const;
    expect([standing(at(now)), standing(at(now - 1))]).toEqual(['open', 'over']);
    expect(standing({ ...at(now), answeredAs: 'time2' })).toBe('answered:time2');
    expect(standing({ kind: 'proposal', proposal: { status: 'expired', expiresAt: now } })).toBe('over');
  });
});
