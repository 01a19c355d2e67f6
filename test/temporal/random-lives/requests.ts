import { randomUUID } from 'node:crypto';
import type { PatientId } from '../../../domain/ids.ts';
import { type Instant, MINUTE } from '../../../domain/interval.ts';
import type { Answer } from '../../support/product.ts';
import type { RequestWish, ReservationWish } from './commands.ts';
import type { Model } from './model.ts';
import { instantOf } from './times.ts';
import type { Wanted, WantedReservation } from './wanted.ts';
import type { World } from './world.ts';

/** A request as it is sent, with what it asks for in the model's words. */
export interface Sent<What = Wanted> {
  path: string;
  body: Record<string, unknown>;
  key: string;
  wanted: What;
}

export interface Answered<What = Wanted> extends Sent<What> {
  answer: Answer;
  /** What it was answered when it was sent before. */
  earlier?: Answer;
}

const HOLDER = 'web-session-1';

export function reservationOf(world: World, wish: ReservationWish, now: Instant): Sent<WantedReservation> {
  const { mode, actor } = wish;
  const isStaff = actor === 'staff';
  const [providerId] = world.providers;
  const wanted: WantedReservation = {
    mode,
    actor,
    providerId,
    patientId: wish.withPatient ? world.clinic.patientId : null,
    startsAt: instantOf(wish.time, now, world, world.taken.end + 60 * MINUTE),
    confirmBy:
      isStaff && mode === 'preReserve' && wish.confirmWithin !== null ? now + wish.confirmWithin * MINUTE : null,
    notify: wish.notify || !isStaff,
    allowPatientOverlap: wish.allowPatientOverlap && isStaff,
  };
  const body = {
    ...wanted,
    visitTypeId: world.visitType.id,
    startsAt: shown(wanted.startsAt),
    confirmBy: wanted.confirmBy === null ? null : shown(wanted.confirmBy),
    ...(mode === 'hold' ? { holder: HOLDER } : {}),
  };
  return { path: '/v1/appointments', body, key: randomUUID(), wanted };
}

export function requestOf(model: Model, id: string, wish: RequestWish, now: Instant): Sent {
  const { action, actor } = wish;
  const isStaff = actor === 'staff';
  const by = { actor, hasReason: wish.reason };
  const said = { actor, ...(wish.reason ? { reason: 'so it is' } : {}) };
  const sent = (wanted: Wanted, body: Record<string, unknown>): Sent => ({
    path: `/v1/appointments/${id}/${action === 'noShow' ? 'no-show' : action}`,
    body,
    key: randomUUID(),
    wanted,
  });
  const notify = wish.notify || !isStaff;
  switch (action) {
    case 'confirm': {
      const patientId = patientOf(model, wish.patient);
      return sent({ ...by, action, patientId }, { ...said, ...(patientId === null ? {} : { patientId }) });
    }
    case 'cancel':
      return sent({ ...by, action, notify }, { ...said, notify });
    case 'move': {
      const startsAt = instantOf(wish.time, now, model.world, model.visit.startsAt);
      const options = {
        notify,
        remind: wish.remind || !isStaff,
        allowPatientOverlap: wish.allowPatientOverlap && isStaff,
      };
      const providerId = providerOf(model, wish.provider);
      const named = providerId === null ? {} : { providerId };
      return sent(
        { ...by, action, startsAt, providerId, ...options },
        { ...said, ...named, ...options, startsAt: shown(startsAt) },
      );
    }
    case 'extend': {
      const confirmBy = now + wish.within * MINUTE;
      return sent({ ...by, action, confirmBy }, { ...said, confirmBy: shown(confirmBy) });
    }
    case 'release': {
      // Whoever has the hold speaks as who made it.
      const wanted = { action, isHolder: wish.isHolder, hasReason: false, actor: model.heldBy ?? actor } as const;
      return sent(wanted, { holder: wish.isHolder ? HOLDER : 'somebody else' });
    }
    case 'complete':
    case 'noShow':
      return sent({ ...by, action }, said);
  }
}

function patientOf({ world }: Model, patient: 'none' | 'own' | 'other'): PatientId | null {
  if (patient === 'none') return null;
  return patient === 'own' ? world.clinic.patientId : world.clinic.otherPatientId;
}

function providerOf({ world, visit }: Model, provider: 'same' | 'other' | 'elsewhere') {
  const [own, other, elsewhere] = world.providers;
  if (provider === 'elsewhere') return elsewhere;
  if (provider === 'same') return null;
  return visit.providerId === own ? other : own;
}

function shown(instant: Instant): string {
  return new Date(instant).toISOString();
}
