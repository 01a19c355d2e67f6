import type { Provider, ScheduleException, VisitType } from './catalogue.ts';
import {
  type Fact,
  factsOfClinic,
  factsOfProvider,
  factsOfVisitType,
  nameOfSender,
  nameOfVisitType,
} from './clinic-facts.ts';
import type { ClinicDetails, ClinicState, Sender, StoredClinic } from './clinic-state.ts';
import type { ProviderId } from './ids.ts';
import { type PolicyOverrides, reminderRulesSchema, resolvePolicy } from './policy.ts';

interface Parts {
  clinic: ClinicDetails;
  sender: Sender;
  visitType: VisitType;
  provider: Provider;
}

interface ChangeOf<Kind extends keyof Parts> {
  kind: Kind;
  /** As it is wanted; of what is given up, as it was. */
  part: Parts[Kind];
  name: string;
  change: 'added' | 'changed' | 'restored' | 'givenUp';
  differences: Difference[];
}

/** What becomes of one part of a clinic. Nothing is ever removed: what is given up stays, for the visits that point to it. */
export type ClinicChange = { [Kind in keyof Parts]: ChangeOf<Kind> }[keyof Parts];

/** One thing that is said differently from now on; null: it is not said. */
export interface Difference {
  label: string;
  from: string | null;
  to: string | null;
}

interface Described<Part> {
  part: Part;
  id: string;
  name: string;
  facts: readonly Fact[];
}

/** What must change so that the stored clinic, if there is one, becomes what is wanted; in an order in which it can be made. */
export function changesOf(stored: StoredClinic | undefined, wanted: ClinicState): ClinicChange[] {
  const changes = <Kind extends keyof Parts>(kind: Kind) =>
    changesOfKind(kind, stored ? describe[kind](stored) : [], describe[kind](wanted, stored));
  return [...changes('clinic'), ...changes('sender'), ...changes('visitType'), ...changes('provider')];
}

function changesOfKind<Kind extends keyof Parts>(
  kind: Kind,
  before: readonly Described<Parts[Kind]>[],
  after: readonly Described<Parts[Kind]>[],
): ChangeOf<Kind>[] {
  const wanted = after.flatMap(({ id, part, name, facts }): ChangeOf<Kind>[] => {
    const known = before.find((one) => one.id === id);
    const differences = differencesOf(known?.facts ?? [], facts);
    if (!known) return [{ kind, part, name, change: 'added', differences }];
    if (!isActive(known.part)) return [{ kind, part, name, change: 'restored', differences }];
    return differences.length > 0 ? [{ kind, part, name, change: 'changed', differences }] : [];
  });
  const givenUp = before
    .filter(({ id, part }) => isActive(part) && !after.some((one) => one.id === id))
    .map(({ part, name }) => ({ kind, part, name, change: 'givenUp' as const, differences: [] }));
  return [...wanted, ...givenUp];
}

function isActive(part: object): boolean {
  return !('isActive' in part) || part.isActive === true;
}

function differencesOf(before: readonly Fact[], after: readonly Fact[]): Difference[] {
  const known = new Map(before.map((fact) => [fact.key, fact]));
  const kept = new Set(after.map((fact) => fact.key));
  const said = after.map((fact) => ({ ...fact, from: known.get(fact.key)?.value ?? null, to: fact.value }));
  const gone = before.filter((fact) => !kept.has(fact.key)).map((fact) => ({ ...fact, from: fact.value, to: null }));
  return [...said, ...gone].filter(({ from, to }) => from !== to).map(({ label, from, to }) => ({ label, from, to }));
}

/** A clinic taken apart. The name of a visit type may only be known to the other of the two that are compared. */
const describe: { [Kind in keyof Parts]: (clinic: ClinicState, other?: ClinicState) => Described<Parts[Kind]>[] } = {
  clinic: ({ clinic }) => [{ part: clinic, id: 'clinic', name: clinic.name, facts: factsOfClinic(clinic) }],
  // An address is what a sender is: another address is another sender.
  sender: ({ senders }) =>
    senders.map((part) => ({ part, id: `${part.channel} ${part.address}`, name: nameOfSender(part), facts: [] })),
  visitType: ({ clinic, visitTypes }) =>
    visitTypes.map((part) => ({
      part,
      id: part.id,
      name: nameOfVisitType(part, clinic.languages),
      facts: factsOfVisitType(part),
    })),
  provider: ({ clinic, providers, visitTypes }, other) =>
    providers.map((part) => ({
      part,
      id: part.id,
      name: part.name,
      facts: factsOfProvider(part, [...visitTypes, ...(other?.visitTypes ?? [])], clinic.languages),
    })),
};

/** Whether reminders of visits that exist are to go at other times, or in another way, than before. */
export function changesReminders(stored: StoredClinic | undefined, wanted: ClinicState): boolean {
  if (!stored) return false;
  return (
    channelsOf(stored) !== channelsOf(wanted) ||
    stored.visitTypes.some((type) => {
      const after = wanted.visitTypes.find(({ id }) => id === type.id) ?? type;
      return reminding(stored.clinic, type) !== reminding(wanted.clinic, after);
    })
  );
}

/** What the clinic can send by: who was booked before it had a number is reminded by it now. */
function channelsOf({ senders }: Pick<ClinicState, 'senders'>): string {
  const channels = senders.filter(isActive).map(({ channel }) => channel);
  return [...new Set(channels)].toSorted().join();
}

function reminding({ timeZone, policy }: ClinicDetails, overrides: PolicyOverrides): string {
  const { reminderRules, quietHours } = resolvePolicy(policy, overrides);
  // Through the schema, since stored rules have their fields in an order of their own; the order of the rules means nothing.
  const rules = reminderRulesSchema.parse(reminderRules).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return JSON.stringify([timeZone, quietHours, rules]);
}

/** The closed times that were not closed before. */
export function newlyClosed(
  stored: StoredClinic | undefined,
  wanted: ClinicState,
): { providerId: ProviderId; exception: ScheduleException }[] {
  return wanted.providers.flatMap(({ id: providerId, exceptions }) => {
    const known = stored?.providers.find(({ id }) => id === providerId)?.exceptions ?? [];
    return exceptions
      .filter((exception) => exception.kind === 'closed' && !known.some((other) => isSame(exception, other)))
      .map((exception) => ({ providerId, exception }));
  });
}

function isSame(a: ScheduleException, b: ScheduleException): boolean {
  return a.kind === b.kind && a.date === b.date && a.opensAt === b.opensAt && a.closesAt === b.closesAt;
}
