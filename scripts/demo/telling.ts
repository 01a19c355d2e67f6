import { styleText } from 'node:util';
import type { Appointment, Mail, PhoneMessage, Timeline } from './clinic-client.ts';

const print = (line = '') => process.stdout.write(`${line}\n`);

function quote(body: string, about: string): void {
  for (const line of body.split('\n')) print(`    ${styleText('cyan', '┃')} ${line}`);
  print(`    ${styleText('cyan', '┗')} ${styleText('dim', about)}`);
}

/** The story as it is told in the terminal. */
export const tell = {
  chapter: (title: string) => print(`\n${styleText('bold', title)}`),
  step: (text: string) => print(`  ${styleText('green', '✓')} ${text}`),
  note: (text: string) => print(`    ${styleText('dim', text)}`),
  text: ({ body, segments }: PhoneMessage) => {
    quote(body, segments === 1 ? '1 segment' : `${segments} segments`);
  },
  mail: ({ subject, text, attachments }: Mail) => {
    const files = attachments.map(({ filename }) => filename);
    quote(`${subject}\n\n${text.trim()}`, ['e-mail', ...files].join(', with '));
  },
  timeline: (appointment: Appointment, { past, planned }: Timeline) => {
    for (const { at, what, by, kind, channel, status } of past) {
      const message = what === 'message' ? `${kind} by ${channel}, ${status}` : what;
      print(
        `    ${styleText('dim', localTime(at, appointment.timeZone))}  ${message}${by ? styleText('dim', ` by ${by}`) : ''}`,
      );
    }
    for (const { at, what, kind } of planned) {
      print(
        `    ${styleText('dim', localTime(at, appointment.timeZone))}  ${styleText('yellow', `planned: ${kind ?? what}`)}`,
      );
    }
  },
  failure: (message: string) => process.stderr.write(`\n${styleText('red', '✗')} ${message}\n`),
  line: print,
};

/** "Mon, 04 Jan 2027, 13:00" on the clinic's wall clock. */
export function localTime(instant: string | number, timeZone: string): string {
  const form = {
    weekday: 'short',
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const;
  return new Intl.DateTimeFormat('en-GB', { ...form, timeZone }).format(new Date(instant));
}
