import { z } from 'zod';
import { type ScheduleException, type WeeklyHours, visitTypeSchema } from './catalogue.ts';
import { isZone } from './clinic-time.ts';
import { type FieldError, Refusal } from './errors.ts';
import { isCountry, readPhone } from './phone.ts';
import { clinicPolicySchema } from './policy.ts';
import { shippedLanguages } from './spoken-time.ts';
import { type Reading, readException, readWeek } from './written-hours.ts';

const key = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'may have lower-case letters, digits and hyphens')
  .max(60);
const line = z.string().trim().min(1).max(200);
const language = z.enum(
  shippedLanguages,
  `is none of the languages that we have texts in: ${shippedLanguages.join(', ')}`,
);

/** Lines of text, each of them read as dates. */
function dates(kind: ScheduleException['kind']) {
  return z
    .array(z.string())
    .nullish()
    .transform((lines, context) =>
      (lines ?? []).flatMap((text, index) => valueOr(readException(kind, text), [], context, [index])),
    );
}

const week = z
  .record(z.string(), z.string())
  .nullish()
  .transform((given, context): WeeklyHours[] => {
    const { hours, problems } = readWeek(given ?? {});
    for (const { key: day, problem: message } of problems) {
      context.issues.push({ code: 'custom', input: given, path: [day], message });
    }
    return hours;
  });

const visitType = visitTypeSchema.extend({ key, id: z.uuid().optional() });

const provider = z.strictObject({
  key,
  id: z.uuid().optional(),
  name: line,
  offers: z.array(key),
  hours: week,
  closed: dates('closed'),
  extra: dates('extra'),
});

/** Kept as it was written, only what differs; but it must be a policy. */
const policy = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((given) => given ?? {})
  .superRefine((given, context) => {
    for (const issue of clinicPolicySchema.safeParse(given).error?.issues ?? []) context.addIssue({ ...issue });
  });

const schema = z
  .strictObject({
    id: z.uuid().optional(),
    slug: key,
    name: line,
    country: z.string().refine(isCountry, 'is not a country, as two capital letters'),
    timeZone: z.string().refine(isZone, 'is not a time zone of the IANA database, as Europe/Helsinki'),
    languages: z.array(language).min(1),
    phone: z.string(),
    address: line,
    policy,
    senders: z
      .strictObject({ sms: z.string().optional(), email: z.email().toLowerCase().optional() })
      .nullish()
      .transform((given) => given ?? {}),
    closed: dates('closed'),
    visitTypes: z.array(visitType).min(1),
    providers: z.array(provider).min(1),
  })
  .superRefine((clinic, context) => {
    for (const { path, message } of contradictions(clinic)) context.addIssue({ code: 'custom', path, message });
  })
  .transform((clinic) => ({
    ...clinic,
    phone: numberOf(clinic.phone, clinic.country),
    senders: {
      ...clinic.senders,
      ...(clinic.senders.sms === undefined ? {} : { sms: numberOf(clinic.senders.sms, clinic.country) }),
    },
  }));

/** A clinic as one file describes it: read, checked in itself, and with numbers as E.164. Its parts are named by keys. */
export type ClinicDescription = z.infer<typeof schema>;

/** Reads a description; refuses with VALIDATION_FAILED, each problem with a pointer to its place. */
export function readClinicDescription(given: unknown): ClinicDescription {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  throw new Refusal(
    'VALIDATION_FAILED',
    'The description of the clinic has mistakes.',
    read.error.issues.flatMap(told),
  );
}

/** A JSON pointer (RFC 6901). */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function told(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => ({ pointer: pointerTo([...issue.path, name]), detail: 'is not known here' }));
  }
  if (issue.code === 'invalid_type' && issue.path.length === 0) {
    return [{ pointer: '', detail: 'must describe a clinic by names and values, beginning with its slug' }];
  }
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return [{ pointer: pointerTo(issue.path), detail: isMissing ? 'is missing' : issue.message }];
}

interface Contradiction {
  path: PropertyKey[];
  message: string;
}

type Read = Pick<z.infer<typeof schema>, 'country' | 'phone' | 'languages' | 'senders' | 'visitTypes' | 'providers'>;

/** What each part cannot know by itself; where a part that it needs is wrong, that is enough to be told. */
function contradictions(clinic: Read): Contradiction[] {
  const { visitTypes, providers } = clinic;
  return [
    ...wrongNumbers(clinic),
    ...repeated('visitTypes', visitTypes),
    ...repeated('providers', providers),
    ...unknownOffers(clinic),
    ...missingNames(clinic),
  ];
}

function wrongNumbers({ country, phone, senders }: Read): Contradiction[] {
  if (!isCountry(country)) return [];
  const numbers = [
    { path: ['phone'], text: phone },
    ...(senders.sms === undefined ? [] : [{ path: ['senders', 'sms'], text: senders.sms }]),
  ];
  return numbers.flatMap(({ path, text }) => {
    const number = readPhone(text, country);
    return 'problem' in number ? [{ path, message: number.problem }] : [];
  });
}

function unknownOffers({ visitTypes, providers }: Read): Contradiction[] {
  if (visitTypes.length === 0) return [];
  return providers.flatMap(({ offers }, at) =>
    offers.flatMap((name, index) =>
      visitTypes.some((type) => type.key === name)
        ? []
        : [{ path: ['providers', at, 'offers', index], message: `names no visit type of this file: ${name}` }],
    ),
  );
}

function missingNames({ visitTypes, languages: [first] }: Read): Contradiction[] {
  if (first === undefined) return [];
  const message = `lacks the clinic's first language, ${first}`;
  return visitTypes.flatMap(({ names }, at) =>
    names[first] === undefined ? [{ path: ['visitTypes', at, 'names'], message }] : [],
  );
}

function repeated(list: string, items: readonly { key: string; id?: string | undefined }[]): Contradiction[] {
  return (['key', 'id'] as const).flatMap((field) => {
    const values = items.map((item) => item[field]);
    return values.flatMap((value, at) =>
      value !== undefined && values.indexOf(value) !== at
        ? [{ path: [list, at, field], message: `is that of another one: ${value}` }]
        : [],
    );
  });
}

function numberOf(text: string, country: string): string {
  const phone = readPhone(text, country);
  return 'number' in phone ? phone.number : text;
}

function valueOr<T>(read: Reading<T>, otherwise: T, context: z.core.ParsePayload, path: PropertyKey[]): T {
  if ('value' in read) return read.value;
  context.issues.push({ code: 'custom', input: undefined, path, message: read.problem });
  return otherwise;
}
