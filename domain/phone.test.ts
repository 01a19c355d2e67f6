import { expect, it } from 'vitest';
import { readMobile, spacedPhone } from './phone.ts';

it.each([
  ['040 1000 101', 'FI', '+358401000101'],
  ['+358 (0)40 1000101', 'FI', '+358401000101'],
  ['0171/3920014', 'DE', '+491713920014'],
  ['(0171) 392 00 13', 'DE', '+491713920013'],
  ['+49 171 3920012', 'FI', '+491713920012'],
  ['0049 171 3920012', 'FI', '+491713920012'],
])('reads %s, dialled in %s', (text, country, number) => {
  expect(readMobile(text, country)).toEqual({ number });
});

it.each([
  ['0171 39', 'DE', 'is not a valid phone number'],
  ['call me: 0171 3920014', 'DE', 'is not a valid phone number'],
  ['', 'DE', 'is not a valid phone number'],
  ['030 23125100', 'DE', 'is not a mobile number, so it gets no texts'],
])('refuses "%s" in %s', (text, country, problem) => {
  expect(readMobile(text, country)).toEqual({ problem });
});

it('writes a number for people', () => {
  expect(spacedPhone('+491713920014')).toBe('+49 171 3920014');
  expect(spacedPhone('unknown')).toBe('unknown');
});
