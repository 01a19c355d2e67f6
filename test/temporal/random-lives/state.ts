import type { Actor, Appointment, AuditActor } from '../../../domain/appointment.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { Plan } from '../../../domain/plan.ts';
import type { World } from './world.ts';

/** What became of a message: surely said, perhaps (something happened at that very moment), or surely not, and why. */
export type Fate = 'said' | 'perhaps' | 'missed' | 'unreachable';

/** Nobody was told, and staff hear of that. */
export function isUnsaid(fate: Fate | undefined): boolean {
  return fate === 'missed' || fate === 'unreachable';
}

export type Visit = Omit<Appointment, 'clinicId' | 'id' | 'createdAt' | 'updatedAt'>;

/** Between what instants of the appointment's own clock something came about. */
export interface Span {
  before: Instant;
  after: Instant;
}

/** What the contract says that an appointment is, after all that has happened to it. */
export interface Model {
  world: World;
  visit: Visit;
  /** Who made the hold, where it was one: they may give it back. */
  heldBy: Actor | null;
  /** What was done to it, as the audit has it. */
  changes: { action: string; actor: AuditActor; overrode: string | null }[];
  /** All that was to come after the last change, and what of it is still to come. */
  planned: Plan;
  plan: Plan;
  fates: Readonly<Record<string, Fate>>;
  settledAt: Instant;
  isReminded: boolean;
}

/** Whether whoever the visit is for has a phone: one patient of the world may have none, the other one has. */
export function isReachable({ world, visit }: Pick<Model, 'world' | 'visit'>): boolean {
  return visit.patientId !== null && (world.hasMobile || visit.patientId !== world.clinic.patientId);
}
