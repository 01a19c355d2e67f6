import { ApplicationFailure } from '@temporalio/activity';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Activities } from '../../activities/index.ts';
import type { Transport, Transports } from '../../activities/messaging/transports/transport.ts';
import type { ClinicTransaction, Database } from '../../db/client.ts';
import type { Wrap } from './product.ts';

/** The process is gone: nothing that it was about to do happens. */
class Crash extends Error {
  override readonly name = 'Crash';
}

/** A process as one subject sees it: what it did for it since it was watched, and where it dies. */
export interface Life {
  points: string[];
  diesAt: number;
  isOver: boolean;
}

/** Says that a point is reached; throws where the process dies there or is dead. */
type Pass = (point: string) => void;

/**
 * Lets a process die between any two steps of its work for one subject: before a statement, after a commit of which nobody
 * learns, before and after a hand-over to a transport, before an activity's answer is known. Dead is dead: whatever is
 * tried again fails as well. Its work for others goes on, so that one process can die once for each of many subjects.
 * `find` names the subject of work where its appointment or message does not.
 */
export function crashPoints(find: Find = async () => undefined) {
  const lives = new Map<string, Life>();
  const subject = new AsyncLocalStorage<string>();
  let bury = (): void => {};
  const burial = new Promise<void>((resolve) => (bury = resolve));

  function pass(point: string): void {
    const life = lives.get(subject.getStore() ?? '');
    if (!life) return;
    if (!life.isOver) life.points.push(point);
    life.isOver ||= life.points.length === life.diesAt;
    if (life.isOver) throw new Crash(point);
  }

  /** The engine hears nothing from the dead until they are buried; then it tries again by itself. */
  async function silently<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!lives.get(subject.getStore() ?? '')?.isOver) throw error;
      await burial;
      // Longer than `localRetryThreshold`, so that it is not for this worker to try again.
      throw ApplicationFailure.create({ type: 'CRASH', message: 'the process has died', nextRetryDelay: '2s' });
    }
  }

  const { workOn, wrap } = eachStep(subject, pass, silently, find);
  return {
    wrap,
    pass,
    workOn,
    /** Once the worker of this process is being stopped. */
    bury,
    /** Counts the points from now on, and dies at the `diesAt`-th. */
    watch(appointmentId: string, diesAt = Infinity): Life {
      const life = { points: [], diesAt, isOver: false };
      lives.set(appointmentId, life);
      return life;
    },
  };
}

/** Where a process dies: before its `at`-th step from the first one on, 1. */
export interface Death {
  at: number;
  point: string;
}

/** Every place that differs: before whichever statement of a transaction it dies, all are undone, so the last stands for all. */
export function deathsBetween(points: readonly string[]): Death[] {
  const isStatement = (point = ''): boolean => statements.some((statement) => point === `before ${statement}`);
  const deaths = points.map((point, index) => ({ at: index + 1, point }));
  return deaths.filter(({ at, point }) => !isStatement(point) || !isStatement(points[at]));
}

/** So many steps from now on go well, then so many fail, then all is well again. */
interface Fault {
  after: number;
  times: number;
}

/** Lets steps of the work for one subject fail in passing: the same points as above, but nobody dies. */
export function passingFaults() {
  const ahead = new Map<string, Fault>();
  const subject = new AsyncLocalStorage<string>();

  function pass(point: string): void {
    const fault = ahead.get(subject.getStore() ?? '');
    if (!fault || fault.times === 0) return;
    if (fault.after > 0) fault.after -= 1;
    else {
      fault.times -= 1;
      throw new Crash(point);
    }
  }

  return {
    wrap: eachStep(subject, pass, (work) => work()).wrap,
    strike(appointmentId: string, fault: Fault): void {
      ahead.set(appointmentId, { ...fault });
    },
    isAhead: (appointmentId: string): boolean => (ahead.get(appointmentId)?.times ?? 0) > 0,
  };
}

/** Tells `pass` of each step of a worker's work, under the name of its subject; `within` has all that an activity does. */
function eachStep(
  subject: AsyncLocalStorage<string>,
  pass: Pass,
  within: <T>(work: () => Promise<T>) => Promise<T>,
  find: Find = async () => undefined,
): { wrap: Wrap; workOn: WorkOn } {
  const subjectOfMessage = new Map<string, string>();

  function remember(messageId: string): void {
    subjectOfMessage.set(messageId, subject.getStore() ?? '');
  }

  async function workOn<T>(about: About, work: () => Promise<T>): Promise<T> {
    const { appointmentId, messageId = '' } = about;
    return subject.run((await find(about)) ?? appointmentId ?? subjectOfMessage.get(messageId) ?? '', work);
  }

  const wrap: Wrap = {
    db: (real) => mortalDatabase(real, pass),
    transports: (real) => mortalTransports(real, pass, remember),
    activities: (real) => mortalActivities(real, pass, (about, work) => workOn(about, () => within(work))),
  };
  return { wrap, workOn };
}

export interface About {
  appointmentId?: string;
  messageId?: string;
  inboundMessageId?: string;
  notificationIds?: readonly string[];
  openingId?: string;
  openingIds?: readonly string[];
  claim?: { openingId?: string };
}

/** The subject of work, by what else it says. */
type Find = (about: About) => Promise<string | undefined>;

const statements = ['select', 'insert', 'update', 'delete', 'execute'];

/** Dies before a statement, which undoes the transaction, or once it is committed. */
function mortalDatabase(real: Database, pass: Pass): Database {
  const transaction = async <T>(work: (tx: ClinicTransaction) => Promise<T>): Promise<T> => {
    const result = await real.drizzle.transaction((tx) => work(mortalTransaction(tx, pass)));
    pass('after the commit');
    return result;
  };
  const drizzle = new Proxy(real.drizzle, {
    get: (target, name): unknown => (name === 'transaction' ? transaction : Reflect.get(target, name)),
  });
  return { drizzle, close: () => real.close() };
}

function mortalTransaction(tx: ClinicTransaction, pass: Pass): ClinicTransaction {
  return new Proxy(tx, {
    get(target, name): unknown {
      if (statements.includes(String(name))) pass(`before ${String(name)}`);
      return Reflect.get(target, name);
    },
  });
}

function mortalTransports(real: Transports, pass: Pass, remember: (messageId: string) => void): Transports {
  const mortal = (transport: Transport): Transport => ({
    name: transport.name,
    send: async (message) => {
      remember(message.messageId);
      pass('before the hand-over');
      const outcome = await transport.send(message);
      pass('after the hand-over');
      return outcome;
    },
    find:
      transport.find &&
      (async (to, isIt) => {
        const found = await transport.find!(to, isIt);
        pass('after the provider was asked');
        return found;
      }),
  });
  return Object.fromEntries(Object.entries(real).map(([channel, transport]) => [channel, mortal(transport)]));
}

type WorkOn = <T>(about: About, work: () => Promise<T>) => Promise<T>;

function mortalActivities(real: Activities, pass: Pass, workOn: WorkOn): Activities {
  const mortal = ([name, activity]: [string, (input: never) => Promise<unknown>]) => [
    name,
    (input: About) =>
      workOn(input, async () => {
        const answer = await activity(input as never);
        pass(`before the answer of ${name}`);
        return answer;
      }),
  ];
  return Object.fromEntries(Object.entries(real).map(mortal)) as Activities;
}
