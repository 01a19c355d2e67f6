import { asc, desc, eq, sql } from 'drizzle-orm';
import { formatForOperators } from '../../../domain/clinic-time.ts';
import type { Instant } from '../../../domain/interval.ts';
import { explainOffer } from '../../../domain/offer-reasons.ts';
import type { NextTurn, OpeningStatus } from '../../../domain/opening.ts';
import type { ClinicTransaction } from '../../client.ts';
import { offers } from '../../schema/index.ts';
import type { OpeningRow } from './lock.ts';

/** More would be too long to read, and to keep in a workflow's history. */
const MOST = 40;

const sentences: Record<OpeningStatus, string> = {
  offering: 'The time is being offered.',
  filled: 'Somebody has it.',
  withdrawn: 'It is not offered any more.',
  unfilled: 'Nobody took it; the time is free again.',
};

const coming: Record<NextTurn['what'], string> = {
  wave: 'the next are asked',
  morning: 'the night ends and it goes on',
  noticeLimit: 'it is too near to the time, and ends',
};

/** How the opening stands, in markdown for operators: whom (by reference) it asked last and why, who answered, what comes next. */
export async function details(
  tx: ClinicTransaction,
  opening: OpeningRow,
  next: NextTurn | null,
  zone: string,
): Promise<string> {
  const { status, statusReason, startsAt, cause, depth, wave } = opening;
  const asked = await tx
    .select({ offer: offers, all: sql<number>`(count(*) over ())::integer` })
    .from(offers)
    .where(eq(offers.openingId, opening.id))
    .orderBy(desc(offers.wave), asc(offers.position))
    .limit(MOST);
  const local = (instant: Instant | null) => (instant === null ? '' : formatForOperators(instant, zone));
  const rows = asked.map(({ offer }) => {
    const { wave: asWave, patientId, status: stands, askedAt, answeredAt, reasons } = offer;
    const cells = [asWave, `\`${patientId}\``, stands, local(askedAt), local(answeredAt), explainOffer(reasons)];
    return `| ${cells.join(' | ')} |`;
  });
  const all = asked[0]?.all ?? 0;
  return [
    `**${status}**${statusReason === null ? '' : ` (\`${statusReason}\`)`} ${sentences[status]}`,
    `For ${local(startsAt)} clinic time; ${cause}, depth ${depth}, wave ${wave}, ${all} asked.`,
    ...(next ? [`Next, at ${next.local}: ${coming[next.what]}.`] : []),
    ...(rows.length > 0
      ? ['', '| wave | patient | offer | asked | answered | why |', '|---|---|---|---|---|---|', ...rows]
      : []),
    ...(all > rows.length ? ['', `And ${all - rows.length} more.`] : []),
  ].join('\n');
}
