import { afterAll } from 'vitest';
import { createApp } from '../../api/app.ts';
import type { TemporalGateway } from '../../api/temporal-gateway.ts';
import { type UpdateOutcome, unavailable } from '../../api/temporal-outcomes.ts';
import { createLog } from '../../config/log.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { confirmAppointment } from '../../db/commands/appointments/confirm.ts';
import { endAppointment } from '../../db/commands/appointments/end.ts';
import { type ExtendCommand, extendAppointment } from '../../db/commands/appointments/extend.ts';
import { type MoveCommand, moveAppointment } from '../../db/commands/appointments/move.ts';
import { reserveAppointment } from '../../db/commands/appointments/reserve.ts';
import { makeProposal } from '../../db/commands/proposals/make.ts';
import {
  type Appointment,
  checkAction,
  checkConfirmable,
  checkPatient,
  checkVersion,
} from '../../domain/appointment.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Changed } from '../../domain/plan.ts';
import { checkSelfService } from '../../domain/self-service.ts';
import type { ConfirmRequest } from '../../workflows/appointment/messages.ts';
import type { FreeTextInput } from '../../workflows/free-text/messages.ts';

/**
 * Stands in for the workflows, and does what they do: one life for each id, a repeat joins it, an ended one is closed.
 * `whenReserving` may answer in its place, or throw.
 */
export class FakeTemporal implements TemporalGateway {
  readonly #db: () => Database;
  readonly #now: () => number;
  readonly #lives = new Map<string, Promise<UpdateOutcome>>();
  readonly #acts = new Map<string, Promise<UpdateOutcome>>();
  started = 0;
  asked = 0;
  whenReserving: ((start: () => Promise<UpdateOutcome>) => Promise<UpdateOutcome>) | undefined;
  isClosed = false;
  /** Nobody answers who has to propose times or to send texts. */
  isAway = false;
  /** The texts of staff that are to be sent, repeats and all. */
  readonly texts: FreeTextInput[] = [];

  constructor(db: () => Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  reserve: TemporalGateway['reserve'] = (input) => {
    const start = (): Promise<UpdateOutcome> => {
      const known = this.#lives.get(input.appointmentId);
      if (known) return known;
      this.started += 1;
      const life = outcomeOf(reserveAppointment(this.#db(), { ...input, now: this.#now() }));
      this.#lives.set(input.appointmentId, life);
      return life;
    };
    return this.whenReserving ? this.whenReserving(start) : start();
  };

  act: TemporalGateway['act'] = async (action, workflowId, request) => {
    this.asked += 1;
    if (this.isClosed) return { outcome: 'closed' };
    const [, , appointmentId = ''] = workflowId.split('/');
    const life = await this.#lives.get(appointmentId);
    if (life?.outcome !== 'done') return { outcome: 'closed' };
    const known = this.#acts.get(request.requestId);
    if (known) return known;
    const acting = outcomeOf(this.#carryOut(action, life.appointment, request));
    this.#acts.set(request.requestId, acting);
    const acted = await acting;
    if (acted.outcome === 'done') this.#lives.set(appointmentId, acting);
    return acted;
  };

  async #carryOut(
    action: Parameters<TemporalGateway['act']>[0],
    appointment: Appointment,
    request: Parameters<TemporalGateway['act']>[2],
  ): Promise<Changed> {
    const { clinicId, id, revision, status, providerId } = appointment;
    const now = this.#now();
    checkAction(status, action, request.actor);
    checkVersion(appointment, request.version);
    const [db, command] = [this.#db(), { ...request, clinicId, appointmentId: id, revision, now }];
    if (action === 'confirm') {
      checkPatient(appointment, (request as ConfirmRequest).patientId);
      checkConfirmable(appointment, now);
      return status === 'booked' ? { appointment, plan: [] } : confirmAppointment(db, command);
    }
    if (action === 'extend') return extendAppointment(db, { ...(command as unknown as ExtendCommand), waiting: [] });
    const { actor, hasReason } = request;
    const isChange = action === 'move' || action === 'cancel';
    const overrode = isChange ? checkSelfService({ action, actor, now, appointment, hasReason }) : null;
    if (action === 'move') {
      const move = command as unknown as MoveCommand;
      return moveAppointment(db, { ...move, providerId: move.providerId ?? providerId, overrode });
    }
    const ending = { cancel: 'cancelled', release: 'cancelled', complete: 'completed', noShow: 'noShow' } as const;
    return endAppointment(db, { ...command, status: ending[action], notify: true, overrode });
  }

  async receiptArrived(): Promise<void> {}
  async startInbound(): Promise<void> {}
  open: TemporalGateway['open'] = async () => ({ outcome: 'closed' });
  actOnOpening: TemporalGateway['actOnOpening'] = async () => ({ outcome: 'closed' });
  async openingChanged(): Promise<void> {}

  propose: TemporalGateway['propose'] = async (input) => {
    if (this.isAway) throw unavailable();
    try {
      await makeProposal(this.#db(), { ...input, now: this.#now() });
      return { outcome: 'done' };
    } catch (error) {
      if (error instanceof Refusal) return { outcome: 'refused', refusal: error };
      throw error;
    }
  };

  sendText: TemporalGateway['sendText'] = async (input) => {
    if (this.isAway) throw unavailable();
    this.texts.push(input);
  };
  isReady = async (): Promise<boolean> => true;
  async close(): Promise<void> {}
}

async function outcomeOf(changed: Promise<Changed>): Promise<UpdateOutcome> {
  try {
    return { outcome: 'done', appointment: (await changed).appointment };
  } catch (error) {
    if (error instanceof Refusal) return { outcome: 'refused', refusal: error };
    throw error;
  }
}

export interface Answer {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks at JSON as a caller does
  body: any;
  headers: Headers;
}

export interface TestApi {
  db: Database;
  temporal: FakeTemporal;
  /** Set to stop the clock at an instant. */
  clock: { at: number | undefined };
  /** The lines logged so far. */
  log: string[];
  /** For a test that listens. */
  app: ReturnType<typeof createApp>;
  request: ReturnType<typeof createApp>['request'];
  call(key: string, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** The whole API on this database, with stand-ins for the workflows only. */
export function testApi(appUrl: string): TestApi {
  const db = openDatabase(appUrl);
  afterAll(() => db.close());
  const clock: TestApi['clock'] = { at: undefined };
  const now = () => clock.at ?? Date.now();
  const temporal = new FakeTemporal(() => db, now);
  const log: string[] = [];
  const app = createApp({
    db,
    temporal,
    now,
    log: createLog('info', { write: (line) => void log.push(line) }),
    publicUrl: 'http://127.0.0.1',
  });
  const request: TestApi['request'] = (...args) => app.request(...args);
  return {
    db,
    temporal,
    clock,
    log,
    app,
    request,
    call: async (key, method, path, body, headers = {}) => {
      const isJson = body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array);
      const response = await request(path, {
        method,
        headers: { authorization: `Bearer ${key}`, ...(isJson && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: isJson ? JSON.stringify(body) : (body as string) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : parsed(text), headers: response.headers };
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
