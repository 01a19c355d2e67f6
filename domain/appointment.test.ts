import { describe, expect, it } from 'vitest';
import { appointmentActions, appointmentStatuses, checkAction, checkConfirmable, checkStarted } from './appointment.ts';
import type { AppointmentAction, AppointmentStatus, AuditActor } from './appointment.ts';
import { expiresAt } from './confirmation.ts';
import { Refusal } from './errors.ts';

const everyActor: AuditActor[] = ['patient', 'guardian', 'staff', 'office', 'time'];
const people: AuditActor[] = ['patient', 'guardian', 'staff', 'office'];

/** The table of the contract, written out a second time: whoever is not named is refused. */
const allowed: Record<AppointmentAction, Partial<Record<AppointmentStatus, AuditActor[]>>> = {
  confirm: { held: people, pending: people, booked: people },
  cancel: { pending: people, booked: people },
  move: { pending: people, booked: people },
  extend: { pending: ['staff'] },
  release: { held: ['patient', 'staff', 'office'] },
  expire: { held: ['time'], pending: ['time'] },
  noShow: { booked: ['staff'] },
  complete: { booked: ['staff', 'time'] },
};

const ended: Partial<Record<AppointmentStatus, string>> = {
  expired: 'APPOINTMENT_EXPIRED',
  cancelled: 'APPOINTMENT_CLOSED',
  completed: 'APPOINTMENT_CLOSED',
  noShow: 'APPOINTMENT_CLOSED',
};

function answerTo(status: AppointmentStatus, action: AppointmentAction, actor: AuditActor): string {
  try {
    checkAction(status, action, actor);
    return 'allowed';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe.each(appointmentStatuses)('while an appointment is %s', (status) => {
  it.each(appointmentActions.flatMap((action) => everyActor.map((actor) => [action, actor] as const)))(
    '%s by %s is answered as the contract says',
    (action, actor) => {
      const expected = allowed[action][status]?.includes(actor) ? 'allowed' : (ended[status] ?? 'ACTION_NOT_ALLOWED');
      expect(answerTo(status, action, actor)).toBe(expected);
    },
  );
});

describe('how a visit went', () => {
  it('is said from its start on, not before', () => {
    expect(() => checkStarted({ startsAt: 1000 }, 999)).toThrow(
      expect.objectContaining({ code: 'ACTION_NOT_ALLOWED' }),
    );
    expect(() => checkStarted({ startsAt: 1000 }, 1000)).not.toThrow();
  });
});

describe('confirming', () => {
  it.each(['held', 'pending'] as const)(
    'what is %s is in time up to and including the deadline, no millisecond longer',
    (status) => {
      const confirm = (now: number) => () => checkConfirmable({ status, confirmBy: 1000 }, now);
      expect(confirm(1000)).not.toThrow();
      expect(confirm(1001)).toThrow(expect.objectContaining({ code: 'APPOINTMENT_EXPIRED' }));
      expect(confirm(expiresAt(1000) - 1)).not.toThrow();
      expect(confirm(expiresAt(1000))).toThrow(expect.objectContaining({ code: 'APPOINTMENT_EXPIRED' }));
    },
  );

  it('what is booked is never too late', () => {
    expect(() => checkConfirmable({ status: 'booked', confirmBy: null }, 1000)).not.toThrow();
  });
});
