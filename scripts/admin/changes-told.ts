import type { ClinicChange, Difference } from '../../domain/clinic-changes.ts';
import { addDays, isDate } from '../../domain/clinic-time.ts';

const signs: Record<ClinicChange['change'], string> = { added: '+', changed: '~', restored: '+', givenUp: '-' };
const kinds: Record<ClinicChange['kind'], string> = {
  clinic: 'clinic',
  sender: 'sender',
  visitType: 'visit type',
  provider: 'provider',
};

/** What changes, for the person who is to agree: a line for each part, and below it what is said differently. */
export function changesTold(changes: readonly ClinicChange[]): string {
  return changes.flatMap(lines).join('\n');
}

function lines({ kind, name, change, differences }: ClinicChange): string[] {
  const remark = { added: '', changed: '', restored: ', taken up again', givenUp: ', given up' }[change];
  const title = `${signs[change]} ${kinds[kind]} ${name}${remark}`;
  // A name that is new stands in the title.
  const news = differences.filter(({ label, from, to }) => label !== 'name' || from !== null || to !== name);
  return [title, ...daysTogether(news).map((difference) => `    ${sentence(difference)}`)];
}

function sentence({ label, from, to }: Difference): string {
  if (from === null) return `${label}: ${to}`;
  return to === null ? `${label}: no longer ${from}` : `${label}: ${from} → ${to}`;
}

/** Days on end of which the same is said, as one. */
function daysTogether(differences: readonly Difference[]): Difference[] {
  const told: (Difference & { last: string })[] = [];
  for (const difference of differences) {
    const run = told.at(-1);
    const goesOn = run && isDate(run.last) && addDays(run.last, 1) === difference.label;
    if (goesOn && run.from === difference.from && run.to === difference.to) run.last = difference.label;
    else told.push({ ...difference, last: difference.label });
  }
  return told.map(({ label, last, from, to }) => ({ label: label === last ? label : `${label} to ${last}`, from, to }));
}
