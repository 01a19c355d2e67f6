import type { OfferReasons } from './opening.ts';

/** Why somebody was asked, in a sentence for staff. */
export function explainOffer({ waitingSince, isInCare, lastAskedOn, insteadOf }: OfferReasons): string {
  const wish = insteadOf === null ? 'would like a visit' : `would like to come earlier than on ${insteadOf}`;
  const care = isInCare ? 'in care here' : 'not in care here yet';
  const before = lastAskedOn === null ? 'never asked before' : `last asked on ${lastAskedOn}`;
  return `Waiting since ${waitingSince}, ${wish}; ${care}; ${before}.`;
}
