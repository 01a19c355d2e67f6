import { describe, expect, it } from 'vitest';
import { commandIn, isCarriersWord, wordAlone } from './inbound-words.ts';

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

describe('a word that the carrier acts on', () => {
  it('is known by the word, or by what the carrier says', () => {
    for (const text of ['STOP', 'end.', 'Start', 'help']) expect(isCarriersWord(text, null)).toBe(true);
    for (const text of ['lopeta', 'stopp', 'basta', 'K7']) expect(isCarriersWord(text, null)).toBe(false);
    expect(isCarriersWord('arret', 'optOut')).toBe(true);
    expect(commandIn('arret', { ...plain, carrierSays: 'optOut' })?.as).toBe('optOut');
  });

  it('is an answer where it says yes and nobody had opted out', () => {
    expect(commandIn('YES', { ...plain, hasOptedOut: true })?.as).toBe('optIn');
    expect(commandIn('YES', plain)).toBeNull();
    expect(commandIn('yes', { ...plain, carrierSays: 'optIn' })).toBeNull();
  });
});
