import { createHash, randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, expect } from 'vitest';
import {
  type InboundMessageId,
  type MessageId,
  type OfferId,
  type OpeningId,
  asId,
  deliveryWorkflowId,
  openingWorkflowId,
} from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { type OfferAnswer, offerAnsweredSignal } from '../../workflows/opening/messages.ts';
import type { openingWorkflow } from '../../workflows/index.ts';
import { daysAhead, outcomeOf, reserve } from '../support/bookings.ts';
import { type CrowdMember, addCrowd } from '../support/crowd.ts';
import { type Product, eventually, startProduct } from '../support/product.ts';

/** A visit as the API answers it. */
export interface Visit {
  id: string;
  workflowId: string;
  startsAt: string;
  status: string;
}

/** Somebody who waits for an earlier time. */
export interface Waiting extends CrowdMember {
  /** What they have already, if anything. */
  visit: Visit | undefined;
}

export interface Offer {
  id: OfferId;
  patientId: string;
  status: string;
  wave: number;
}

interface OpeningRow {
  id: OpeningId;
  status: string;
  reason: string | null;
  wave: number;
  depth: number;
  revision: number;
  seen: number;
}

/** The whole product with people who wait for a time. Call it at the top of the file; the worker is yours to start. */
export async function startOpenings(policy: Record<string, unknown> = {}) {
  // No quiet hours, so that the tests read the same at any hour.
  const product = await startProduct({ clinic: { policy: { quietHours: null, ...policy } } });
  const sql = postgres(product.adminUrl, { max: 4, onnotice: () => {} });
  afterAll(() => sql.end());
  return { product, sql, ...openingsOf(product, sql) };
}

/** What tests ask of openings, and of people who wait for a time. */
export function openingsOf(product: Product, sql: postgres.Sql) {
  const { call, clinic, temporal } = product;
  const { clinicId } = clinic;

  let times = 0;
  /** A time of its own, in the hours of the clinic and near enough to be offered. */
  function freshTime(): string {
    times += 1;
    const [day, half] = [3 + (times % 10), Math.floor(times / 10) - 7];
    return new Date(Date.parse(daysAhead(day)) + half * 30 * MINUTE).toISOString();
  }

  let later = 0;
  /** Far from all that is offered. */
  function laterTime(): string {
    later += 1;
    const [day, half] = [30 + Math.floor(later / 12), later % 12];
    return new Date(Date.parse(daysAhead(day)) + half * 30 * MINUTE).toISOString();
  }

  async function book(startsAt: string, patientId: string = clinic.patientId): Promise<Visit> {
    const answer = await reserve(product, startsAt, { patientId, notify: false });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body as Visit;
  }

  async function giveUp({ id }: Visit, fields: Record<string, unknown> = {}): Promise<void> {
    const body = { actor: 'staff', reason: 'ill', notify: false, ...fields };
    const answer = await call('POST', `/v1/appointments/${id}/cancel`, { body });
    expect(answer).toMatchObject({ status: 200 });
  }

  let making: Promise<unknown> = Promise.resolve();
  /** One crowd after the other: their numbers follow each other. */
  function crowdOf(count: number): Promise<CrowdMember[]> {
    const made = making.then(() => addCrowd(sql, clinic, count));
    making = made;
    return made;
  }

  /** So many who would take this very time, in the order in which they are asked; with `visit` in place of a later one. */
  async function waitFor(startsAt: string, count: number, { visit = false } = {}): Promise<Waiting[]> {
    const crowd = await crowdOf(count);
    const visits = visit ? await Promise.all(crowd.map(({ patientId }) => book(laterTime(), patientId))) : [];
    const people = crowd.map((member, index) => ({ ...member, visit: visits[index] }));
    const at = new Date(startsAt);
    for (const [index, { patientId, visit: own }] of people.entries()) {
      await sql`insert into consents (clinic_id, patient_id, category, channel, state, source, wording, recorded_at)
        values (${clinicId}, ${patientId}, 'offers', 'sms', 'given', 'staff', 'on the phone', now())`;
      await sql`insert into waiting_list
        (clinic_id, id, patient_id, visit_type_id, earliest_on, latest_on, between_from, between_to, instead_of, created_at)
        select ${clinicId}, ${randomUUID()}, ${patientId}, ${clinic.visitTypeId}, local::date, local::date,
          to_char(local, 'HH24:MI'), to_char(local + interval '30 minutes', 'HH24:MI'), ${own?.id ?? null},
          ${new Date(Date.now() - HOUR + index)}
        from (select ${at}::timestamptz at time zone ${clinic.timeZone} as local) as t`;
    }
    return people;
  }

  /** The opening that has come of this visit. */
  async function openingOf({ id }: Pick<Visit, 'id'>): Promise<OpeningId> {
    return eventually('the opening', async () => {
      const [row] = await sql<{ id: OpeningId }[]>`
        select id from openings where appointment_id = ${id} order by created_at desc limit 1`;
      return row?.id;
    });
  }

  /** A time given up by somebody, which is being offered. */
  async function freeTime(startsAt: string): Promise<OpeningId> {
    const visit = await book(startsAt);
    await giveUp(visit);
    const id = await openingOf(visit);
    await eventually('its workflow', () =>
      lifeOf(id)
        .describe()
        .then(
          () => true,
          () => false,
        ),
    );
    return id;
  }

  async function openingRow(id: OpeningId): Promise<OpeningRow> {
    const [row] = await sql<OpeningRow[]>`
      select id, status, status_reason as reason, wave, depth, revision, seen_revision as seen from openings where id = ${id}`;
    return row!;
  }

  async function offersOf(id: OpeningId): Promise<Offer[]> {
    return sql<Offer[]>`
      select f.id, f.patient_id as "patientId", f.status, f.wave from offers f
        join waiting_list w on w.id = f.waiting_list_entry_id
      where f.opening_id = ${id} order by f.wave, w.created_at`;
  }

  /** Waits until so many are asked. */
  async function untilAsked(id: OpeningId, count: number): Promise<Offer[]> {
    const areAsked = async () => {
      const offers = await offersOf(id);
      return offers.filter(({ status }) => status === 'asked').length === count && offers;
    };
    return eventually(`${count} asked`, areAsked, 60_000);
  }

  const lifeOf = (id: OpeningId) =>
    temporal.client.workflow.getHandle<typeof openingWorkflow>(openingWorkflowId(clinicId, id));

  /** As the workflow of a text does it. */
  function answer(id: OpeningId, offer: Pick<Offer, 'id'>, word: OfferAnswer['answer'] = 'take'): Promise<void> {
    const inboundMessageId = asId<InboundMessageId>(randomUUID());
    return lifeOf(id).signal(offerAnsweredSignal, {
      offerId: offer.id,
      answer: word,
      inboundMessageId,
      receivedAt: Date.now(),
    });
  }

  async function offerOf(id: OpeningId, { patientId }: CrowdMember): Promise<Offer> {
    const offer = (await offersOf(id)).find((one) => one.patientId === patientId);
    if (!offer) throw new Error('was not asked');
    return offer;
  }

  /** The kinds of the texts on the phone, oldest first, each known by the digest of the whole text. */
  async function toldTo({ mobile }: CrowdMember): Promise<string[]> {
    const texts = await product.phone(mobile);
    const rows = await sql<{ kind: string; digest: string }[]>`
      select coalesce(n.content->>'variant', n.kind) as kind, encode(a.body_digest, 'hex') as digest
      from message_attempts a join messages m on m.id = a.message_id join notifications n on n.id = m.notification_id
      where m.recipient = ${mobile}`;
    const kinds = new Map(rows.map(({ kind, digest }) => [digest, kind]));
    return texts.map(({ body }) => kinds.get(createHash('sha256').update(body).digest('hex')) ?? 'never recorded');
  }

  /** Until it is found out what became of each message to them of which that is not known. */
  async function untilSettled(people: readonly CrowdMember[]): Promise<void> {
    const uncertain = () => sql<{ id: MessageId }[]>`
      select id from messages where status = 'unknown' and recipient in ${sql(people.map(({ mobile }) => mobile))}`;
    for (const { id } of await uncertain()) {
      const workflowId = deliveryWorkflowId(clinicId, id);
      const handle = temporal.client.workflow.getHandle(workflowId);
      await eventually('the delivery', () => handle.describe().then(Boolean, () => false));
      await temporal.advance(workflowId, { by: 30 * MINUTE });
      await handle.result();
    }
  }

  const goOn = (id: OpeningId, by: number) => temporal.advance(openingWorkflowId(clinicId, id), { by });

  const endOf = (id: OpeningId) => outcomeOf(product, openingWorkflowId(clinicId, id));

  async function visitNow({ id }: Pick<Visit, 'id'>): Promise<Visit> {
    return (await call('GET', `/v1/appointments/${id}`)).body;
  }

  /** Whose active visits lie at that time. */
  async function whoHas(startsAt: string): Promise<string[]> {
    const rows = await sql<{ patientId: string }[]>`
      select patient_id as "patientId" from appointments
      where clinic_id = ${clinicId} and starts_at = ${startsAt} and status in ('held', 'pending', 'booked')`;
    return rows.map(({ patientId }) => patientId);
  }

  return {
    freshTime,
    laterTime,
    book,
    giveUp,
    waitFor,
    openingOf,
    freeTime,
    openingRow,
    offersOf,
    offerOf,
    untilAsked,
    lifeOf,
    answer,
    toldTo,
    untilSettled,
    goOn,
    endOf,
    visitNow,
    whoHas,
  };
}
