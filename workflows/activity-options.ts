import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';

/**
 * Short, repeatable writes to our own database, run inside the workflow task: a sixth of the events of a regular
 * activity. Pauses longer than the threshold, which must stay below the longest one, are timers: so an outage is waited
 * out without holding the worker, which could not even be stopped.
 */
export const databaseWrite: LocalActivityOptions = {
  startToCloseTimeout: '10s',
  localRetryThreshold: '1s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '20s' },
};

/** As above, but given up after a while, so that the workflow decides again by a fresh clock. */
export const impatientDatabaseWrite: LocalActivityOptions = { ...databaseWrite, scheduleToCloseTimeout: '15s' };

/**
 * One hand-over to a transport: it has 10 s at the wire and commits before and after. Given up after ten minutes, so that
 * the workflow decides again whether the message still helps anybody.
 */
export const handOver: ActivityOptions = {
  scheduleToStartTimeout: '2m',
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '10m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
};

/**
 * Goes through many appointments, page by page, and says after every few how far it is: a worker that dies is noticed
 * soon, and the next one goes on from there.
 */
export const longRound: ActivityOptions = {
  startToCloseTimeout: '5m',
  heartbeatTimeout: '15s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
};

/** Word for other workflows: short, and repeated until it has arrived. */
export const telling: ActivityOptions = {
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
};

/** Asks an appointment to take a time, until its answer is known: longer than the activity itself waits for it. */
export const award: ActivityOptions = {
  startToCloseTimeout: '45s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
};

/**
 * Hands a wave of messages over, and says after each how far it is: a worker that dies is noticed soon, and the next one
 * goes on from there. What is of no more use by then is not sent.
 */
export const wave: ActivityOptions = {
  startToCloseTimeout: '10m',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
};

/** Finding out about a hand-over: goes on through any outage of the provider, until the message is of no more use. */
export const stubbornHandOver: ActivityOptions = {
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
};
