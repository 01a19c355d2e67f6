import { ActivityFailure, condition, log, proxyActivities, proxyLocalActivities, uuid4 } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { type Appointment, type AuditActor, activeStatuses } from '../../domain/appointment.ts';
import type { Claim } from '../../domain/claim.ts';
import { Refusal } from '../../domain/errors.ts';
import { type OpeningId, type RequestId, asId } from '../../domain/ids.ts';
import { type Instant, MINUTE } from '../../domain/interval.ts';
import { type Changed, type PlannedMessage, type PlannedStep, isMessage } from '../../domain/plan.ts';
import { databaseWrite, handOver, telling } from '../activity-options.ts';
import { asFailure, isFenced, refusalFrom } from '../refusals.ts';
import { Agenda } from './agenda.ts';
import type { AppointmentProgress, CancelRequest, ConfirmRequest, ExtendRequest, MoveRequest } from './messages.ts';
import { showChange, showDetails, timeOf } from './operators.ts';
import { type AcceptedRequest, checkRequest, ruleOverridden } from './requests.ts';

const { confirmAppointment, endAppointment, extendAppointment, moveAppointment, recallAppointment, replanAppointment } =
  proxyLocalActivities<Activities>(databaseWrite);
const { sendNotification } = proxyActivities<Activities>(handOver);
const { tellOpenings } = proxyActivities<Activities>(telling);

/** One appointment from its reservation on: what it is, what it waits for, and how it changes. Only the loop calls it. */
export class AppointmentLife {
  appointment: Appointment;
  readonly agenda = new Agenda(() => showDetails(this.appointment, this.agenda.steps));
  #sending = 0;
  #telling = 0;
  #supersededIn: number | undefined;

  constructor({ appointment, plan, openingIds }: Changed, claim: Claim | undefined) {
    this.appointment = appointment;
    this.agenda.replace(plan);
    this.#tellAllBut(claim, openingIds);
  }

  /** Ended, everybody told, and nothing on its way. */
  get isOver(): boolean {
    const isActive = (activeStatuses as readonly string[]).includes(this.appointment.status);
    return !isActive && this.agenda.next === undefined && this.isQuiet;
  }

  /** Nothing is on its way. */
  get isQuiet(): boolean {
    return this.#sending + this.#telling === 0;
  }

  /** From this another run can go on, while nothing is on its way. */
  get progress(): AppointmentProgress {
    return { appointment: this.appointment, plan: this.agenda.steps };
  }

  /** A message did not fit the visit as the tables have it, and no change that we know of explains that. */
  get mayBeBehind(): boolean {
    return this.#supersededIn === this.agenda.edition;
  }

  /** Carries out what somebody asked for, or refuses it, and tells the one who waits. */
  async obey(accepted: AcceptedRequest): Promise<void> {
    try {
      checkRequest(this.appointment, accepted);
      await this.#carryOut(accepted);
      accepted.settle({ appointment: this.appointment });
    } catch (error) {
      if (await this.#recalls(error)) return this.obey(accepted);
      const refusal = error instanceof Refusal ? asFailure(error) : refusalFrom(error);
      accepted.settle({ failure: refusal ?? error });
      if (!refusal) throw error;
    }
  }

  takeDue(): PlannedStep | undefined {
    return this.agenda.takeDue(Date.now(), this.#sending > 0);
  }

  /** Does what is due: a message goes out beside the loop, a change of status is made at once. */
  async act(step: PlannedStep): Promise<void> {
    if (isMessage(step)) void this.#send(step);
    else await this.#endByTime(step.kind === 'expire' ? 'expired' : 'completed');
  }

  /** Waits for the next step or for `isWanted`; the one timer of the workflow. */
  async rest(isWanted: () => boolean): Promise<void> {
    const { next } = this.agenda;
    const woken = () => isWanted() || this.mayBeBehind || this.agenda.next !== next || this.isOver;
    if (!next) return condition(woken);
    // Due and not taken: it waits for what is on its way.
    if (next.at <= Date.now()) return condition(() => woken() || this.#sending === 0);
    const summary = `${next.kind} at ${timeOf(next)}`;
    await condition(woken, Math.max(1, next.at - Date.now()), { summary });
  }

  /** Plans anew what is still to come, by the rules as they are now. The visit itself stays as it is. */
  async followNewRules(): Promise<void> {
    const { status } = this.appointment;
    if (status !== 'pending' && status !== 'booked') return;
    try {
      const { plan } = await replanAppointment({ ...this.#target(), now: Date.now(), waiting: this.agenda.steps });
      this.agenda.revise(plan);
    } catch (error) {
      if (await this.#recalls(error)) return this.followNewRules();
      throw error;
    }
  }

  /** Looks whether something was written of which there is no memory, and goes on from there. */
  async catchUp(): Promise<void> {
    this.#supersededIn = undefined;
    await this.#recall();
  }

  async #carryOut({ action, acceptedAt: now, request }: AcceptedRequest): Promise<void> {
    const { requestId, actor } = request;
    const by = { requestId, actor, now };
    if (action === 'confirm') await this.#confirm(request, by);
    else if (action === 'cancel') await this.#cancel(request, by);
    else if (action === 'move') await this.#move(request, by);
    else if (action === 'extend') await this.#extend(request, by);
    else if (action === 'release') await this.#end({ status: 'cancelled', ...by });
    else await this.#end({ status: action === 'complete' ? 'completed' : 'noShow', ...by });
  }

  async #confirm({ patientId }: ConfirmRequest, by: By): Promise<void> {
    if (this.appointment.status === 'booked') return;
    const given = patientId === undefined ? {} : { patientId };
    this.#adopt(await confirmAppointment({ ...this.#target(), ...by, ...given }), 'confirmed');
  }

  async #cancel(request: CancelRequest, by: By): Promise<void> {
    const overrode = ruleOverridden(this.appointment, { action: 'cancel', request, acceptedAt: by.now });
    const { notify, offer = true } = request;
    await this.#end({ status: 'cancelled', ...by, overrode, notify, ...(offer ? {} : { offer }) });
  }

  /** To its own time there is nothing to do: the visit is where it is wanted. */
  async #move(request: MoveRequest, by: By): Promise<void> {
    const { appointment } = this;
    const { actor: _, hasReason: __, requestId: ___, ...wanted } = request;
    const providerId = wanted.providerId ?? appointment.providerId;
    if (wanted.startsAt === appointment.startsAt && providerId === appointment.providerId) return;
    const overrode = ruleOverridden(appointment, { action: 'move', request, acceptedAt: by.now });
    const moved = await moveAppointment({ ...this.#target(), ...by, ...wanted, providerId, overrode });
    this.#adopt(moved, 'moved', request.claim);
  }

  async #extend({ confirmBy }: ExtendRequest, by: By): Promise<void> {
    const waiting = this.agenda.steps;
    const { appointment, plan } = await extendAppointment({ ...this.#target(), ...by, confirmBy, waiting });
    this.appointment = appointment;
    this.agenda.revise(plan);
  }

  async #end(ending: Ending): Promise<void> {
    this.#adopt(await endAppointment({ ...this.#target(), overrode: null, notify: true, ...ending }), ending.status);
  }

  /** What is recalled brings its own plan: in that, this end may no longer stand. */
  async #endByTime(status: 'expired' | 'completed'): Promise<void> {
    try {
      await this.#end({ status, ...this.#byTime() });
    } catch (error) {
      if (!(await this.#recalls(error))) throw error;
    }
  }

  /**
   * A task that is lost after a write takes the memory of it along, and what it had accepted comes again in another order,
   * or never. So a write that is fenced off looks for what lies ahead, and goes on from there; false where nothing does.
   */
  async #recalls(error: unknown): Promise<boolean> {
    return isFenced(error) && this.#recall();
  }

  async #recall(): Promise<boolean> {
    const ahead = await recallAppointment(this.#target());
    if (ahead) this.#adopt(ahead, 'recalled');
    return ahead !== null;
  }

  #adopt({ appointment, plan, openingIds }: Changed, change: string, claim?: Claim): void {
    log.info('appointment changed', { change, revision: appointment.revision });
    showChange(this.appointment, appointment);
    this.appointment = appointment;
    this.agenda.replace(plan);
    this.#tellAllBut(claim, openingIds);
  }

  /** The opening that was claimed has asked, and hears the answer. */
  #tellAllBut(claim: Claim | undefined, openingIds: readonly OpeningId[] = []): void {
    const asker = claim?.kind === 'offer' ? claim.openingId : undefined;
    const others = openingIds.filter((id) => id !== asker);
    if (others.length > 0) void this.#tell(others);
  }

  /** Lets openings know that the change made or ended them, without keeping the loop waiting; tried until it is done. */
  async #tell(openingIds: readonly OpeningId[]): Promise<void> {
    const { clinicId } = this.appointment;
    this.#telling += 1;
    const summary = openingIds.map((id) => `opening ${id}`).join(', ');
    try {
      await tellOpenings.executeWithOptions({ summary }, [{ clinicId, openingIds }]);
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      log.warn('openings were not told; the sweep finds them', { count: openingIds.length });
    } finally {
      this.#telling -= 1;
    }
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
      if (sent.result === 'superseded') this.#supersededIn = edition;
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

  #byTime(): By {
    return { requestId: asId<RequestId>(uuid4()), actor: 'time', now: Date.now() };
  }
}

interface By {
  requestId: RequestId;
  actor: AuditActor;
  now: Instant;
}

interface Ending extends By {
  status: 'cancelled' | 'expired' | 'completed' | 'noShow';
  overrode?: string | null;
  notify?: boolean;
  offer?: boolean;
}
