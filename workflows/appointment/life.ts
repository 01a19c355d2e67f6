import { ActivityFailure, condition, log, proxyActivities, proxyLocalActivities, uuid4 } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { type Appointment, type AuditActor, activeStatuses } from '../../domain/appointment.ts';
import { Refusal } from '../../domain/errors.ts';
import { type RequestId, asId } from '../../domain/ids.ts';
import { type Instant, MINUTE } from '../../domain/interval.ts';
import { type Changed, type PlannedMessage, type PlannedStep, isMessage } from '../../domain/plan.ts';
import { checkSelfService } from '../../domain/self-service.ts';
import { databaseWrite, handOver } from '../activity-options.ts';
import { asFailure, refusalFrom } from '../refusals.ts';
import { Agenda } from './agenda.ts';
import type { CancelRequest } from './messages.ts';
import { showDetails, showStatus } from './operators.ts';
import { type AcceptedRequest, checkRequest } from './requests.ts';

const { confirmAppointment, endAppointment } = proxyLocalActivities<Activities>(databaseWrite);
const { sendNotification } = proxyActivities<Activities>(handOver);

/** One appointment from its reservation on: what it is, what it waits for, and how it changes. Only the loop calls it. */
export class AppointmentLife {
  appointment: Appointment;
  readonly agenda = new Agenda();
  #sending = 0;

  constructor({ appointment, plan }: Changed) {
    this.appointment = appointment;
    this.agenda.replace(plan);
    showDetails(appointment, plan);
  }

  /** Ended, everything said, and nothing on its way. */
  get isOver(): boolean {
    const isActive = (activeStatuses as readonly string[]).includes(this.appointment.status);
    return !isActive && this.agenda.next === undefined && this.#sending === 0;
  }

  /** Carries out what somebody asked for, or refuses it, and tells the one who waits. */
  async obey(accepted: AcceptedRequest): Promise<void> {
    try {
      checkRequest(this.appointment, accepted);
      await this.#carryOut(accepted);
      accepted.settle({ appointment: this.appointment });
    } catch (error) {
      const refusal = error instanceof Refusal ? asFailure(error) : refusalFrom(error);
      accepted.settle({ failure: refusal ?? error });
      if (!refusal) throw error;
    }
  }

  /** Does what is due: a message goes out beside the loop, a change of status is made at once. */
  async act(step: PlannedStep): Promise<void> {
    if (isMessage(step)) void this.#send(step);
    else await this.#end({ status: step.kind === 'expire' ? 'expired' : 'completed', ...this.#byTime() });
  }

  /** Waits for the next step or for `isWanted`; the one timer of the workflow. */
  async rest(isWanted: () => boolean): Promise<void> {
    const { next } = this.agenda;
    const woken = () => isWanted() || this.agenda.next !== next || this.isOver;
    if (!next) return condition(woken);
    const summary = `${next.kind} at ${next.local} clinic time`;
    await condition(woken, Math.max(1, next.at - Date.now()), { summary });
  }

  async #carryOut(accepted: AcceptedRequest): Promise<void> {
    const { action, acceptedAt, request } = accepted;
    const by = { requestId: request.requestId, actor: request.actor, now: acceptedAt };
    if (action === 'cancel') await this.#cancel(request, acceptedAt);
    else if (action === 'complete') await this.#end({ status: 'completed', ...by });
    else if (action === 'noShow') await this.#end({ status: 'noShow', ...by });
    else if (this.appointment.status !== 'booked') {
      this.#adopt(await confirmAppointment({ ...this.#target(), ...by }), 'confirmed');
    }
  }

  async #cancel(request: CancelRequest, now: Instant): Promise<void> {
    const { requestId, actor, hasReason, notify } = request;
    const overrode = checkSelfService({ action: 'cancel', actor, now, appointment: this.appointment, hasReason });
    await this.#end({ status: 'cancelled', requestId, actor, now, overrode, notify });
  }

  async #end(ending: Ending): Promise<void> {
    this.#adopt(await endAppointment({ ...this.#target(), overrode: null, notify: true, ...ending }), ending.status);
  }

  #adopt({ appointment, plan }: Changed, change: string): void {
    log.info('appointment changed', { change, revision: appointment.revision });
    this.appointment = appointment;
    this.agenda.replace(plan);
    showDetails(appointment, plan);
    showStatus(appointment);
  }

  /** Sends without keeping the loop waiting. Whatever goes wrong, the message is judged again until it is said or of no more use. */
  async #send(message: PlannedMessage): Promise<void> {
    const { edition } = this.agenda;
    const { clinicId, id: appointmentId, version } = this.appointment;
    this.#sending += 1;
    try {
      const input = { clinicId, appointmentId, version, step: message };
      const sent = await sendNotification.executeWithOptions({ summary: `${message.kind}: ${message.key}` }, [input]);
      if (sent.result === 'later') this.agenda.postpone(message, sent.at, edition);
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      log.warn('a message was not handed over yet', { key: message.key });
      this.agenda.postpone(message, Date.now() + MINUTE, edition);
    } finally {
      this.#sending -= 1;
    }
  }

  #target() {
    const { clinicId, id, revision } = this.appointment;
    return { clinicId, appointmentId: id, revision };
  }

  #byTime(): { requestId: RequestId; actor: AuditActor; now: Instant } {
    return { requestId: asId<RequestId>(uuid4()), actor: 'time', now: Date.now() };
  }
}

interface Ending {
  status: 'cancelled' | 'expired' | 'completed' | 'noShow';
  requestId: RequestId;
  actor: AuditActor;
  now: Instant;
  overrode?: string | null;
  notify?: boolean;
}
