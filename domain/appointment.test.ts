import { describe, expect, it } from 'vitest';
import { appointmentActions, appointmentStatuses, checkAction, checkHasBegun } from './appointment.ts';
import type { AppointmentAction, AppointmentStatus, AuditActor } from './appointment.ts';
import { Refusal } from './errors.ts';

const everyActor: AuditActor[] = ['patient', 'guardian', 'staff', 'office', 'time'];
const people: AuditActor[] = ['patient', 'guardian', 'staff', 'office'];

/** The table of the contract, written out a second time: whoever is not named is refused. */
const allowed: Record<AppointmentAction, Partial<Record<AppointmentStatus, AuditActor[]>>> = {
  confirm: { held: people, pending: people, booked: people },
  cancel: { pending: people, booked: people },
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
    expect(() => checkHasBegun(999, 1000)).toThrow(expect.objectContaining({ code: 'ACTION_NOT_ALLOWED' }));
    expect(() => checkHasBegun(1000, 1000)).not.toThrow();
  });
});
