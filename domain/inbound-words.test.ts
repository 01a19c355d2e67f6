import { describe, expect, it } from 'vitest';
import { commandIn, understandText, wordAlone } from './inbound-words.ts';

const plain = { carrierSays: null, hasOptedOut: false };

describe('wordAlone', () => {
  it.each([
    'STOP',
    'stop',
    ' Stop. ',
    'Stop all',
    'STOPALL',
    'opt-out',
    'Opt out!',
    'END',
    'cancel',
    'Lopeta',
    'SEIS',
    'Stopp',
    'sluta',
    'abmelden',
    'BASTA',
    'ＳＴＯＰ',
    'ST\u200bOP',
    '“Stop” 😡',
    'stop?',
  ])('takes "%s" as a wish to hear no more', (text) => expect(wordAlone(text)).toBe('optOut'));

  it.each(['START', 'unstop', 'yes', 'Aloita', 'anmelden'])('takes "%s" as a wish to hear again', (text) => {
    expect(wordAlone(text)).toBe('optIn');
  });

  it.each(['Please stop', 'I cannot come, cancel', 'stop it', 'the end', '', '!', 'K7', 'stopping'])(
    'takes nothing from "%s", where more or something else is said',
    (text) => expect(wordAlone(text)).toBeNull(),
  );
});

describe('commandIn', () => {
  const optedOut = { carrierSays: null, hasOptedOut: true };

  it('lifts an opt-out by a start word, but not by a question or a picture that may turn it around', () => {
    expect(commandIn('Start!', optedOut)?.as).toBe('optIn');
    for (const text of ['start?', 'YES 🤔', 'yes 👎', 'start/']) expect(commandIn(text, optedOut)).toBeNull();
    expect(commandIn('yes?', { ...optedOut, carrierSays: 'optIn' })?.as).toBe('optIn');
  });

  it('is silent on everything else', () => {
    for (const text of ['K7', 'yes', '']) expect(commandIn(text, plain)).toBeNull();
  });
});

describe('understandText', () => {
  it('follows the carrier, which has already acted', () => {
    expect(understandText('arret', { ...plain, carrierSays: 'optOut' }).as).toBe('optOut');
  });

  it('lifts an opt-out by a start word, and gives a mere "yes" to staff', () => {
    expect(understandText('YES', { ...plain, hasOptedOut: true }).as).toBe('optIn');
    expect(understandText('YES', plain).as).toBe('staff');
    expect(understandText('yes', { ...plain, carrierSays: 'optIn' }).as).toBe('staff');
  });

  it('gives everything else to staff, and says why', () => {
    expect(understandText('Can I come at nine?', plain)).toEqual({ as: 'staff', why: 'free text' });
    expect(understandText('  ', plain)).toEqual({ as: 'staff', why: 'no text' });
  });
});
