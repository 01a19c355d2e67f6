import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';

/** Sockets, listeners and processes keep a program from ending; a test file closes what it opens. */
const LEAKS = ['TCPSocketWrap', 'TCPServerWrap', 'ProcessWrap'];

const before = openHandles();
const complain = console.error.bind(console);
let complaints: string[] = [];

beforeEach(() => {
  complaints = [];
  console.error = (...words: unknown[]) => {
    complaints.push(words.map(String).join(' '));
    complain(...words);
  };
});

afterEach(() => {
  console.error = complain;
  expect(complaints, 'nothing is written to console.error unless the test takes it by expectedComplaints()').toEqual(
    [],
  );
});

/** What was written to console.error so far in this test, which is thereby expected. */
export function expectedComplaints(): string[] {
  const taken = complaints;
  complaints = [];
  return taken;
}

// Registered first, so it runs after everything that the test file itself cleans up.
afterAll(async () => {
  const deadline = Date.now() + 2_000;
  while (leaked().length > 0 && Date.now() < deadline) await delay(20);
  expect(leaked(), 'the test file closes every connection, listener and process that it opens').toEqual([]);
});

function leaked(): string[] {
  const left = [...before];
  return openHandles().filter((handle) => {
    const index = left.indexOf(handle);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

function openHandles(): string[] {
  return process.getActiveResourcesInfo().filter((resource) => LEAKS.includes(resource));
}
