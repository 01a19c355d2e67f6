import type { AppointmentStatus, AuditActor, ReservationMode } from '../../../domain/appointment.ts';
import { confirmByFor, holdConfirmBy } from '../../../domain/confirmation.ts';
import type { ProviderId } from '../../../domain/ids.ts';
import { type Instant, MINUTE } from '../../../domain/interval.ts';
import { isMessage } from '../../../domain/plan.ts';
import { type Change, planAppointment } from '../../../domain/reminder-plan.ts';
import { cancelUntil, moveUntil } from '../../../domain/self-service.ts';
import { interrupt, nextTurn, sayBefore } from './messages.ts';
import { type Model, type Span, type Visit, isReachable } from './state.ts';
import type { Wanted, WantedReservation } from './wanted.ts';
import type { World } from './world.ts';

export type { Model, Span } from './state.ts';

const statusMadeBy: Record<ReservationMode, AppointmentStatus> = {
  book: 'booked',
  hold: 'held',
  preReserve: 'pending',
};
const changeMadeBy: Record<ReservationMode, Change> = { book: 'booked', hold: 'held', preReserve: 'preReserved' };

/** A life that begins then, with a reservation that nothing stands against. */
export function begin(world: World, wanted: WantedReservation, now: Instant): Model {
  const { mode, actor, patientId, providerId, startsAt, notify } = wanted;
  const visit: Visit = {
    status: statusMadeBy[mode],
    statusReason: null,
    patientId,
    visitTypeId: world.visitType.id,
    ...timesOf(world, providerId, startsAt),
    confirmBy: confirmByOf(world, wanted, now),
    version: 1,
    revision: 0,
  };
  const unborn: Model = {
    world,
    visit,
    heldBy: mode === 'hold' ? actor : null,
    changes: [],
    planned: [],
    plan: [],
    fates: {},
    settledAt: now,
    isReminded: true,
  };
  return change(unborn, { action: changeMadeBy[mode], changed: changeMadeBy[mode], actor, now, notify, settles: true });
}

function confirmByOf({ zone, policy }: World, wanted: WantedReservation, now: Instant): Instant | null {
  if (wanted.mode === 'book') return null;
  if (wanted.mode === 'hold') return holdConfirmBy(now, policy);
  return wanted.confirmBy ?? confirmByFor(now, wanted.startsAt, zone, policy);
}

/** What follows from a request that nothing stands against. The same model: nothing. */
export function follow(model: Model, wanted: Wanted, overrode: string | null, now: Instant): Model {
  const { visit } = model;
  const by = { actor: wanted.actor, now, overrode };
  switch (wanted.action) {
    case 'confirm': {
      if (visit.status === 'booked') return model;
      const patch = { status: 'booked', confirmBy: null, patientId: visit.patientId ?? wanted.patientId } as const;
      return change(model, { ...by, action: 'confirmed', changed: 'confirmed', patch, settles: true });
    }
    case 'cancel':
      return end(model, { ...by, status: 'cancelled', notify: wanted.notify });
    case 'move': {
      const { startsAt, notify, remind } = wanted;
      const providerId = wanted.providerId ?? visit.providerId;
      if (startsAt === visit.startsAt && providerId === visit.providerId) return model;
      const isAccepted = visit.status === 'booked' || wanted.actor === 'patient' || wanted.actor === 'guardian';
      const { zone, policy } = model.world;
      const patch = {
        ...timesOf(model.world, providerId, startsAt),
        status: isAccepted ? 'booked' : 'pending',
        confirmBy: isAccepted ? null : confirmByFor(now, startsAt, zone, policy),
        version: visit.version + 1,
      } as const;
      const moved = { action: 'moved', changed: 'moved', patch, settles: true } as const;
      return change({ ...model, isReminded: remind }, { ...by, ...moved, notify, previousStartsAt: visit.startsAt });
    }
    case 'extend': {
      const patch = { confirmBy: wanted.confirmBy };
      return change(model, { ...by, action: 'extended', changed: 'extended', patch });
    }
    case 'release':
      return end(model, { ...by, status: 'cancelled' });
    case 'complete':
      return end(model, { ...by, status: 'completed' });
    case 'noShow':
      return end(model, { ...by, status: 'noShow' });
  }
}

/** What time itself does, as planned; undefined where that was not to be. */
export function elapse(model: Model, action: string, now: Instant): Model | undefined {
  const turn = nextTurn(model.plan);
  const status = turn?.kind === 'expire' ? 'expired' : 'completed';
  if (!turn || turn.at > now || status !== action) return undefined;
  return end(sayBefore(model, turn.at), { actor: 'time', now, status });
}

/** Told of new rules it plans anew, at some moment in that span: what falls due within it may be said or not. */
export function replan(model: Model, { before, after }: Span): Model {
  const { status } = model.visit;
  if (status !== 'pending' && status !== 'booked') return model;
  const unsure = interrupt(planned(interrupt(model, after), { changed: 'rulesChanged', now: before }), after);
  return { ...unsure, plan: unsure.plan.filter((step) => !isMessage(step) || step.at > after) };
}

interface Ending {
  status: 'cancelled' | 'expired' | 'completed' | 'noShow';
  actor: AuditActor;
  now: Instant;
  overrode?: string | null;
  notify?: boolean;
}

/** Nobody was told of a hold, and nobody is told of its end. */
function end(model: Model, { status, ...ending }: Ending): Model {
  const isHold = model.visit.status === 'held';
  const isReleased = isHold && status === 'cancelled';
  const action = isReleased ? 'released' : status;
  const patch = { status, statusReason: isReleased ? 'released' : null };
  return change(model, { ...ending, action, changed: isHold ? 'released' : status, patch });
}

interface Step {
  action: string;
  changed: Change;
  actor: AuditActor;
  now: Instant;
  overrode?: string | null;
  patch?: Partial<Visit>;
  /** Reminders count from here. */
  settles?: boolean;
  notify?: boolean;
  previousStartsAt?: Instant;
}

function change(model: Model, { action, actor, overrode = null, patch = {}, settles = false, ...step }: Step): Model {
  const before = interrupt(model, step.now);
  const after = {
    ...before,
    visit: { ...model.visit, ...patch, revision: model.visit.revision + 1 },
    changes: [...model.changes, { action, actor, overrode }],
    settledAt: settles ? step.now : model.settledAt,
  };
  return planned(after, step);
}

function planned(model: Model, step: Pick<Step, 'changed' | 'now' | 'notify' | 'previousStartsAt'>): Model {
  const { world, visit } = model;
  const plan = planAppointment({
    appointment: visit,
    zone: world.zone,
    policy: world.policy,
    hasMobile: isReachable({ world, visit }),
    hasEmail: false,
    remind: model.isReminded,
    settledAt: model.settledAt,
    previous: model.plan,
    ...step,
  });
  return { ...model, planned: plan, plan };
}

function timesOf({ policy, visitType }: World, providerId: ProviderId, startsAt: Instant) {
  return {
    providerId,
    startsAt,
    endsAt: startsAt + visitType.durationMinutes * MINUTE,
    cancelUntil: cancelUntil(startsAt, policy),
    moveUntil: moveUntil(startsAt, policy),
  };
}
