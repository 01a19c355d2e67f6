import { describe, expect, it } from 'vitest';
import { UserError } from './command.ts';
import { parseClinicFile } from './clinic-file.ts';

const file = `slug: satama
name: Satama
country: FI
timeZone: Europe/Helsinki
languages: [fi]
phone: +35891000200
address: Satamakatu 3
senders:
  sms: +358401000002
visitTypes:
  - key: check-up
    names: { fi: Tarkastus }
    durationMinutes: 30
providers:
  - key: saara
    name: Saara Niemi
    offers: [check-up]
    hours:
      mon: 08:00-12:00, 12:30-16:00
`;

function complaints(text: string): string[] {
  try {
    parseClinicFile(text, 'clinic.yaml');
  } catch (error) {
    if (error instanceof UserError) return error.message.split('\n');
    throw error;
  }
  return [];
}

const edited = (from: string, to: string) => {
  expect(file).toContain(from);
  return file.replace(from, to);
};

describe("a clinic's file", () => {
  it('may have its numbers without quotes', () => {
    const { phone, senders } = parseClinicFile(file, 'clinic.yaml').description;
    expect([phone, senders.sms]).toEqual(['+35891000200', '+358401000002']);
  });

  it.each([
    ['a value', 'country: FI', 'country: Finland', 'clinic.yaml:3 country is not a country, as two capital letters'],
    ['a name', 'timeZone:', 'zone:', 'clinic.yaml:4 zone is not known here'],
    [
      'an item',
      '[check-up]',
      '[check-up, filling]',
      'clinic.yaml:17 providers.0.offers.1 names no visit type of this file: filling',
    ],
    ['a line of hours', '12:30-16:00', '11:30-16:00', 'clinic.yaml:19 providers.0.hours.mon overlap at 11:30'],
    ['what lacks something', '    durationMinutes: 30\n', '', 'clinic.yaml:11 visitTypes.0.durationMinutes is missing'],
    ['a name given twice', 'name: Satama', 'slug: Satama', 'clinic.yaml:2 Map keys must be unique'],
    ['what cannot be read', '[fi]', '[fi', 'clinic.yaml:6 '],
  ])('is refused with the line of %s', (_, from, to, complaint) => {
    expect(complaints(edited(from, to))).toContainEqual(expect.stringContaining(complaint));
  });

  it('is refused with everything that is wrong, from top to bottom', () => {
    const wrong = edited('durationMinutes: 30', 'durationMinutes: 3').replace('country: FI', 'country: XX');
    expect(complaints(wrong).map((line) => line.slice(0, line.indexOf(' ')))).toEqual([
      'clinic.yaml:3',
      'clinic.yaml:13',
    ]);
  });

  it.each(['', '- slug: satama', 'satama', 'a: *b'])('is refused where it is "%s"', (text) => {
    expect(complaints(text)).toHaveLength(1);
  });

  it('shows the lines of what the database refuses', () => {
    const { complaint } = parseClinicFile(file, 'clinic.yaml');
    const error = complaint([{ pointer: '/senders/sms', detail: "is another clinic's sender" }]);
    expect(error.message).toBe("clinic.yaml:9 senders.sms is another clinic's sender");
  });
});
