import type { Provider, ScheduleException, VisitType } from './catalogue.ts';
import type { ClinicDescription } from './clinic-description.ts';
import { type ClinicId, type ProviderId, type VisitTypeId, asId } from './ids.ts';
import type { Channel } from './plan.ts';

/** What there is to say about a clinic itself; `policy` holds only what differs from the defaults. */
export interface ClinicDetails {
  slug: string;
  name: string;
  country: string;
  timeZone: string;
  languages: readonly string[];
  phone: string;
  address: string;
  policy?: Readonly<Record<string, unknown>>;
}

export interface Sender {
  id: string;
  channel: Channel;
  address: string;
}

/** A clinic with its whole catalogue. */
export interface ClinicState {
  clinic: ClinicDetails;
  senders: readonly Sender[];
  visitTypes: readonly VisitType[];
  providers: readonly Provider[];
}

type Kept<T> = T & { isActive: boolean };

/** A clinic as it is stored: what was given up is still there, since visits point to it. */
export interface StoredClinic extends ClinicState {
  senders: readonly Kept<Sender>[];
  visitTypes: readonly Kept<VisitType>[];
  providers: readonly Kept<Provider>[];
}

/** Makes an id of a name; the same name always leads to the same id. */
export type DeriveId = (name: string) => string;

/** The clinic that a file describes where none is stored yet. */
export function describedClinicId({ id, slug }: ClinicDescription, derive: DeriveId): ClinicId {
  return asId<ClinicId>(id ?? derive(`clinic ${slug}`));
}

/** The description with ids for keys: those that it names, else those that follow from clinic and key. */
export function stateOf(description: ClinicDescription, clinicId: ClinicId, derive: DeriveId): ClinicState {
  const { senders, visitTypes, providers, closed, id: _id, ...clinic } = description;
  const idOf = (kind: string, part: string) => derive(`${kind} ${clinicId} ${part}`);
  const types = visitTypes.map(({ key, id, ...type }) => ({
    key,
    type: { ...type, id: asId<VisitTypeId>(id ?? idOf('visit type', key)) },
  }));
  return {
    clinic,
    senders: (['sms', 'email'] as const).flatMap((channel) => {
      const address = senders[channel];
      return address === undefined ? [] : [{ id: idOf(channel, address), channel, address }];
    }),
    visitTypes: types.map(({ type }) => type),
    providers: providers.map((provider) => ({
      id: asId<ProviderId>(provider.id ?? idOf('provider', provider.key)),
      name: provider.name,
      visitTypeIds: types.filter(({ key }) => provider.offers.includes(key)).map(({ type }) => type.id),
      hours: provider.hours,
      exceptions: distinct([...closed, ...provider.closed, ...provider.extra]),
    })),
  };
}

/** A holiday of the clinic may be a provider's day off as well. */
function distinct(exceptions: readonly ScheduleException[]): ScheduleException[] {
  const byText = new Map(exceptions.map((exception) => [JSON.stringify(exception), exception]));
  return [...byText.values()];
}
