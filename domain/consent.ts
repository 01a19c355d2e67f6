export const consentCategories = ['service', 'offers', 'recalls', 'greetings'] as const;
/** What a patient agrees to be written to about, or not. */
export type ConsentCategory = (typeof consentCategories)[number];

export const consentStates = ['given', 'withdrawn'] as const;
export type ConsentState = (typeof consentStates)[number];

/** How the patient's word reached the clinic. */
export const consentSources = ['staff', 'web', 'sms', 'email', 'form', 'import'] as const;
export type ConsentSource = (typeof consentSources)[number];
