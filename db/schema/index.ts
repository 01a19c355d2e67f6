export * from './clinics.ts';
export * from './catalogue.ts';
export * from './patients.ts';
export * from './rule-changes.ts';
export * from './appointments.ts';
export * from './requests.ts';
export * from './messages.ts';
export * from './inbound.ts';
