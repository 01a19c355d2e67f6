import type { Carrier } from '../carrier.ts';
import { phonesOf } from './conversation.ts';
import type { Phone } from './conversation.ts';
import { idPart } from './format.ts';

/** How many phones stand on a wall for which none were chosen: the most recently busy ones. */
export const mostOnWall = 24;

const wall = '/phones';

/** The wall of these phones, or of all where none are named. */
export function wallPath(numbers: readonly string[]): string {
  return numbers.length > 0 ? `${wall}?numbers=${numbers.join(',')}` : wall;
}

/** The wall, at this phone. */
export function placeOnWall(numbers: readonly string[], number: string): string {
  return `${wallPath(numbers)}#${wallPhoneId(number)}`;
}

export function isWallPath(path: string): boolean {
  return /^\/phones(?:\?numbers=[+\d,]*)?(?:#[\w-]*)?$/.test(path);
}

export function wallPhoneId(number: string): string {
  return `wall-${idPart(number)}`;
}

/** Numbers as somebody typed them into an address, where a plus sign means a space, or as the page's form sends them. */
export function numbersIn(values: readonly string[]): string[] {
  const numbers = values
    .flatMap((value) => value.split(','))
    .map((part) => /^\s*\+?([1-9]\d{6,14})(?!\d)/.exec(part)?.[1])
    .filter((digits) => digits !== undefined);
  return [...new Set(numbers.map((digits) => `+${digits}`))];
}

/** The phones for a wall of all, in the order in which they were first texted: so none moves when the page is drawn anew. */
export function busiestPhones({ store }: Carrier): { numbers: string[]; isAll: boolean } {
  const phones = phonesOf(store);
  const firstIn = ({ conversations }: Phone): number =>
    Math.min(...conversations.map(({ messages }) => messages[0]?.addedIn ?? 0));
  const busiest = phones.slice(0, mostOnWall).toSorted((a, b) => firstIn(a) - firstIn(b));
  return { numbers: busiest.map(({ number }) => number), isAll: phones.length <= mostOnWall };
}
