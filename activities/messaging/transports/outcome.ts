import { carrierErrorClass } from '../../../domain/carrier.ts';
import type { SendOutcome } from './transport.ts';

/** The request never reached the provider: no connection, no name, no trust. */
const notReached =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_TLS_|CERT_|UNABLE_TO_|.*SELF_SIGNED_)/;

/** What went wrong with a request: the status of the answer where there was one, and the most telling code. */
export interface Failure {
  status: number | undefined;
  errorCode: string;
}

/** No provider knows an idempotency key, so everything that may have been processed is `unknown`. */
export function outcomeOfFailure({ status, errorCode }: Failure): SendOutcome {
  if (status === undefined) return { outcome: notReached.test(errorCode) ? 'busy' : 'unknown', errorCode };
  if (status === 429) return { outcome: 'busy', errorCode };
  if (status < 400 || status === 408 || status >= 500) return { outcome: 'unknown', errorCode };
  const errorClass = carrierErrorClass(errorCode);
  return { outcome: errorClass === 'busy' || errorClass === 'account' ? 'busy' : 'rejected', errorCode };
}
