import {
  ActivityFailure,
  condition,
  log,
  patched,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  uuid4,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { type NotificationId, type RequestId, asId } from '../../domain/ids.ts';
import { type Instant, MINUTE, SECOND } from '../../domain/interval.ts';
import type { OpeningSight, OpeningTurn } from '../../domain/opening.ts';
import { award, databaseWrite, wave } from '../activity-options.ts';
import { asFailure, refusalFrom } from '../refusals.ts';
import { Alarm } from './alarm.ts';
import { type AcceptedRequest, closed } from './inbox.ts';
import type { OfferAnswer, OpeningInput, OpeningOutcome, UnsentMessages } from './messages.ts';
import { comingUp, showStatus } from './operators.ts';

const { planWave, recordAnswer, recordLateAnswers, refuseTaker, releaseOpening, withdrawOpening } =
  proxyLocalActivities<Activities>(databaseWrite);
const { awardOffer } = proxyActivities<Activities>(award);
const { sendDirects } = proxyActivities<Activities>(wave);

/** Longer than the API's lease on a time: what staff have not made of it by then they do not make. */
const UNTIL_A_LEASE_LAPSES = 35 * SECOND;

/** What has not left when the offering ends is judged once more. */
const OUTLASTS = 'replies-outlast-the-end';

interface Due {
  at: Instant;
  summary: string;
}

/** One opening from its making on: how it stands, what it waits for, and how it goes on. Only the loop calls it. */
export class OpeningLife {
  readonly input: OpeningInput;
  turn: OpeningTurn;
  unsent: UnsentMessages[];
  readonly #alarm = new Alarm();
  readonly #handled = new Set<NotificationId>();
  #sending = 0;
  /** Some could not be asked: others are, in their place. */
  #isShort = false;
  #tryAgainAt: Instant | undefined;
  #lookAgainAt = 0;

  constructor(input: OpeningInput, turn: OpeningTurn) {
    this.input = input;
    this.turn = turn;
    this.unsent = [...(input.progress?.unsent ?? [])];
    for (const { notificationIds } of this.unsent) for (const id of notificationIds) this.#handled.add(id);
    showStatus('offering', turn.status);
    this.#adopt(turn);
  }

  get outcome(): OpeningOutcome {
    const { status, statusReason: reason } = this.turn;
    if (status === 'offering') throw new Error('the opening is still being offered');
    return { outcome: status, reason };
  }

  get hasEnded(): boolean {
    return this.turn.status !== 'offering';
  }

  /** Ended, everything said, and nothing on its way. */
  get isOver(): boolean {
    return this.hasEnded && this.isQuiet && this.unsent.length === 0;
  }

  get isQuiet(): boolean {
    return this.#sending === 0;
  }

  /** False while the next answer waits for a time that staff may be about to take. */
  get mayServe(): boolean {
    return this.#tryAgainAt === undefined || this.#tryAgainAt <= Date.now();
  }

  get isDue(): boolean {
    const { at } = this.#next ?? {};
    return (!this.hasEnded && this.#isShort) || (at !== undefined && at <= Date.now());
  }

  /** Carries out an answer in its turn. `again`: the time is not to be had at the moment, or it was too late. */
  async serve({ offerId, answer, inboundMessageId }: OfferAnswer): Promise<'served' | 'again'> {
    this.#tryAgainAt = undefined;
    if (answer === 'take') return this.#award({ offerId, inboundMessageId });
    this.#adopt(await recordAnswer({ ...this.#target(), offerId, answer, now: Date.now() }));
    return 'served';
  }

  /** Who answers after the end hears that the time is gone, or, where nobody has it, that it is too late. */
  async noteLate(answers: readonly OfferAnswer[]): Promise<void> {
    const turn = await recordLateAnswers({ ...this.#target(), answers, now: Date.now() });
    // What was recorded before it was a turn answered nothing.
    if ((turn as typeof turn | undefined)?.details !== undefined) this.#adopt(turn);
  }

  /** Does what staff ask for, or refuses it, and tells the one who waits. */
  async obey({ action, request: { requestId }, settle }: AcceptedRequest): Promise<void> {
    try {
      const change = action === 'withdraw' ? withdrawOpening : releaseOpening;
      if (!this.hasEnded) this.#adopt(await change({ ...this.#target(), requestId, now: Date.now() }));
      const { status, statusReason } = this.turn;
      const isDone = action === 'withdraw' ? statusReason === 'staff' : status === 'offering';
      settle(isDone ? { turn: this.turn } : { failure: asFailure(closed()) });
    } catch (error) {
      const refusal = refusalFrom(error);
      settle({ failure: refusal ?? error });
      if (!refusal) throw error;
    }
  }

  /** Says again what could not leave, and looks at the tables: who is to be asked now, or whether it has ended. */
  async goOn(): Promise<void> {
    const now = Date.now();
    this.#isShort = false;
    const due = this.unsent.filter(({ at }) => at <= now);
    this.unsent = this.unsent.filter(({ at }) => at > now);
    for (const { notificationIds } of due) void this.#send(notificationIds);
    // Nobody else is asked, nor the offering ended, before who came first has had the time or not.
    if (this.#tryAgainAt !== undefined) this.#tryAgainAt = now;
    else if (!this.hasEnded) this.#adopt(await planWave({ ...this.#target(), now }));
  }

  /** Waits for what comes next or for `isWanted`. */
  async rest(isWanted: () => boolean): Promise<void> {
    const next = this.#next;
    this.#alarm.set(next?.at, next?.summary ?? '');
    await condition(() => isWanted() || this.isDue || this.isOver || this.#next?.at !== next?.at);
  }

  async #award(taken: Pick<OfferAnswer, 'offerId' | 'inboundMessageId'>): Promise<'served' | 'again'> {
    const { offerId } = taken;
    const requestId = asId<RequestId>(uuid4());
    const input = { ...this.#target(), offerId, requestId, now: Date.now() };
    const tried = await awardOffer.executeWithOptions({ summary: `offer \`${offerId}\`` }, [input]);
    log.info('an offer was taken', { change: tried.outcome });
    if (tried.outcome === 'busy') {
      this.#tryAgainAt = Date.now() + UNTIL_A_LEASE_LAPSES;
      return 'again';
    }
    const code = tried.outcome === 'refused' ? tried.code : undefined;
    if (!code || code === 'OPENING_CLOSED') await this.goOn();
    if (!this.hasEnded) this.#adopt(await refuseTaker({ ...this.#target(), ...taken, code, now: Date.now() }));
    // It may be this very answer that finds that the offering is over.
    else if (code && patched('answer-finds-the-end')) return 'again';
    return 'served';
  }

  #adopt(turn: OpeningTurn): void {
    const before = this.turn.status;
    showStatus(before, turn.status);
    this.turn = turn;
    if (before !== turn.status) {
      this.#tryAgainAt = undefined;
      // Offers need not leave any more; a reply to who answered is still said.
      if (this.unsent.length > 0) this.unsent = patched(OUTLASTS) ? this.unsent.map(judgedNow) : [];
    }
    this.#lookAgainAt = Date.now() + SECOND;
    setCurrentDetails(turn.details);
    const fresh = turn.toSend.filter((id) => !this.#handled.has(id));
    if (fresh.length > 0) void this.#send(fresh);
  }

  /** How it stands since its texts have left, unless more has changed meanwhile. */
  #see(sight: OpeningSight): void {
    if (sight.revision !== this.turn.revision || sight.wave !== this.turn.wave) return;
    this.turn = { ...this.turn, ...sight };
    setCurrentDetails(sight.details);
  }

  /** Sends without keeping an answer waiting. Whatever goes wrong, messages are judged again until they are said or of no use. */
  async #send(notificationIds: readonly NotificationId[]): Promise<void> {
    for (const id of notificationIds) this.#handled.add(id);
    const { clinicId, openingId } = this.input;
    const { status, wave } = this.turn;
    const isOffering = status === 'offering';
    const summary = `${isOffering ? `wave ${wave}` : 'the time is gone'}: ${notificationIds.length} messages`;
    let later: Instant | null;
    this.#sending += 1;
    try {
      const toSend = { clinicId, notificationIds, ...(isOffering && { openingId }) };
      const sent = await sendDirects.executeWithOptions({ summary }, [toSend]);
      ({ later } = sent);
      this.#isShort ||= sent.isIncomplete === true;
      if (sent.opening) this.#see(sent.opening);
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      log.warn('messages were not handed over yet', { count: notificationIds.length });
      later = Date.now() + MINUTE;
    } finally {
      this.#sending -= 1;
    }
    if (later === null) return;
    const unsent = { at: later, notificationIds };
    if (this.turn.status === status) this.unsent.push(unsent);
    else if (patched(OUTLASTS)) this.unsent.push(judgedNow(unsent));
  }

  get #next(): Due | undefined {
    const { next } = this.turn;
    const dues = [
      // Never at once again, whatever the tables say.
      ...(next && this.#tryAgainAt === undefined
        ? [{ at: Math.max(next.at, this.#lookAgainAt), summary: `${comingUp[next.what]} at ${next.local}` }]
        : []),
      ...(this.#tryAgainAt === undefined ? [] : [{ at: this.#tryAgainAt, summary: 'the answer is tried again' }]),
      ...this.unsent.map(({ at }) => ({ at, summary: 'messages are tried again' })),
    ];
    return dues.toSorted((a, b) => a.at - b.at)[0];
  }

  #target() {
    const { clinicId, openingId } = this.input;
    return { clinicId, openingId };
  }
}

function judgedNow({ notificationIds }: UnsentMessages): UnsentMessages {
  return { at: Date.now(), notificationIds };
}
