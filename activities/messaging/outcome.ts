import { ApplicationFailure } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import type { Outcome } from '../../db/commands/messages/record-outcome.ts';
import { carrierErrorClass } from '../../domain/carrier.ts';
import { MINUTE, SECOND } from '../../domain/interval.ts';

type Busy = Extract<Outcome, { errorCode: string }>;

const FIRST_PAUSE = 15 * SECOND;
const LONGEST_PAUSE = 5 * MINUTE;

const TYPE = 'TRANSPORT_BUSY';

/** The provider's code where it has too much to do, which may be over in a moment; undefined where something else is wrong. */
export function crowdCode(error: unknown): string | undefined {
  if (!(error instanceof ApplicationFailure) || error.type !== TYPE) return undefined;
  const code = String(error.details?.[0]);
  return carrierErrorClass(code) === 'busy' ? code : undefined;
}

/**
 * A try that the provider did not process. The next run of the activity judges the message anew and makes another try.
 * `attempt`: of the message, or of the activity where one run tries several times.
 */
export function busyFailure({ errorCode }: Pick<Busy, 'errorCode'>, attempt: number): ApplicationFailure {
  // An account that is refused does not come right in seconds, and is for the operator to see; a crowd is everyday.
  const isAccount = carrierErrorClass(errorCode) === 'account';
  const pause = Math.min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE);
  return ApplicationFailure.create({
    type: TYPE,
    message: `The transport did not take the message (${errorCode}).`,
    details: [errorCode],
    nextRetryDelay: isAccount ? LONGEST_PAUSE : pause,
    ...(isAccount ? {} : { category: ApplicationFailureCategory.BENIGN }),
  });
}
