export { appointmentWorkflow } from './appointment/workflow.ts';
export { deliveryWorkflow } from './delivery/workflow.ts';
export { freeTextWorkflow } from './free-text/workflow.ts';
export { inboundMessageWorkflow } from './inbound-message/workflow.ts';
export { openingWorkflow } from './opening/workflow.ts';
export { proposalWorkflow } from './proposal/workflow.ts';
export { ruleChangeWorkflow } from './rule-change/workflow.ts';
