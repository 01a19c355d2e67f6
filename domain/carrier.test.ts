import { describe, expect, it } from 'vitest';
import { carrierErrorClass, carrierStatus } from './carrier.ts';

describe('carrierErrorClass', () => {
  it.each([
    ['429', 'busy'],
    ['20429', 'busy'],
    ['20003', 'account'],
    ['21211', 'address'],
    ['21614', 'address'],
    ['30005', 'address'],
    ['30006', 'address'],
    ['21408', 'configuration'],
    ['21606', 'configuration'],
    ['21612', 'configuration'],
    ['21703', 'configuration'],
    ['30034', 'configuration'],
    ['21610', 'optedOut'],
    ['30001', 'temporary'],
    ['30003', 'temporary'],
    ['30008', 'temporary'],
    ['30007', 'content'],
    ['12345', 'other'],
    ['', 'other'],
    ['constructor', 'other'],
  ])('sorts %s as %s', (code, errorClass) => expect(carrierErrorClass(code)).toBe(errorClass));
});

describe('carrierStatus', () => {
  it.each([
    ['accepted', 'accepted'],
    ['queued', 'queued'],
    ['sending', 'queued'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['undelivered', 'undelivered'],
    ['failed', 'failed'],
    ['', null],
    ['toString', null],
    ['partially_delivered', null],
  ])('takes "%s" as %s', (word, status) => expect(carrierStatus(word)).toBe(status));
});
