import parsePhoneNumber from 'libphonenumber-js/max';

/** +358401234567 → "+358 40 1234567"; a sender's name or short code stays as it is. */
export function formatNumber(number: string): string {
  return number.startsWith('+') ? (parsePhoneNumber(number)?.formatInternational() ?? number) : number;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });

/** Wall-clock time of the machine that shows the page: the simulator runs where its reader sits. */
export function formatTime(at: number): string {
  return clock.format(at);
}

export function formatDay(at: number): string {
  return day.format(at);
}

const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full' });

export function formatDate(at: number): string {
  return date.format(at);
}

/** Where this machine's clock belongs, for times that are meant to be read elsewhere. */
export function zoneName(): string {
  return clock.resolvedOptions().timeZone;
}

/** Part of an element's id, for whatever stands in it. */
export function idPart(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]/g, '');
}

/** One of the six colours of senders; the same sender always has the same. */
export function toneOf(sender: string): string {
  const sum = Buffer.from(sender).reduce((total, byte) => (total * 37 + byte) % 1_000_003, 7);
  return `tone-${(sum % 6) + 1}`;
}
