import { ApplicationFailure } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import type { Outcome } from '../../db/commands/messages/record-outcome.ts';
import { carrierErrorClass } from '../../domain/carrier.ts';

type Busy = Extract<Outcome, { errorCode: string }>;

/** A try that the provider did not process. The next run of the activity judges the message anew and makes another try. */
export function busyFailure({ errorCode }: Busy): ApplicationFailure {
  // An account that is refused does not come right in seconds; a crowded provider may.
  const isAccount = carrierErrorClass(errorCode) === 'account';
  return ApplicationFailure.create({
    type: 'TRANSPORT_BUSY',
    message: `The transport did not take the message (${errorCode}).`,
    nextRetryDelay: isAccount ? '5 minutes' : '15 seconds',
    // A refused account is for the operator to see; a crowded provider is everyday.
    ...(isAccount ? {} : { category: ApplicationFailureCategory.BENIGN }),
  });
}
