export { appointmentWorkflow } from './appointment/workflow.ts';
