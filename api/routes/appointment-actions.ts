import { z } from '@hono/zod-openapi';
import type { PatientId } from '../../domain/ids.ts';
import type { ApiDeps } from '../deps.ts';
import { idField, instantField } from '../fields.ts';
import { routes } from '../openapi.ts';
import { actionRoute, ask, byWhom, refuseStaffOptions } from './action.ts';

export const offerField = z
  .boolean()
  .default(true)
  .openapi({ description: 'False, from staff: the freed time is not offered.' });
export const notifyField = z
  .boolean()
  .default(true)
  .openapi({ description: 'False, from staff: the patient is not told.' });

const actionSchema = z.strictObject(byWhom).openapi('Action');
const confirmSchema = z
  .strictObject({
    ...byWhom,
    patientId: idField<PatientId>().optional().openapi({ description: 'For a hold that was made without a patient.' }),
  })
  .openapi('Confirmation');
const cancelSchema = z.strictObject({ ...byWhom, offer: offerField, notify: notifyField }).openapi('Cancellation');
const extendSchema = z
  .strictObject({
    ...byWhom,
    confirmBy: instantField.openapi({ description: 'Any instant after now and before the start.' }),
  })
  .openapi('Extension');

const confirm = actionRoute({
  path: 'confirm',
  body: confirmSchema,
  summary: 'Confirm a reserved time',
  description: 'Up to and including `confirmBy`. A booked visit stays as it is.',
  codes: ['PATIENT_OVERLAP'],
});
const cancel = actionRoute({
  path: 'cancel',
  body: cancelSchema,
  summary: 'Cancel a visit',
  description: 'Patients until `cancelUntil`. Later, or where it is null, staff and office may, with a `reason`.',
  codes: ['TOO_LATE_TO_CANCEL', 'STAFF_ONLY', 'REASON_REQUIRED'],
});
const extend = actionRoute({
  path: 'extend',
  body: extendSchema,
  summary: 'Give the patient until another instant to answer',
  description: 'By staff. Reminders of the question are planned anew.',
});
const complete = actionRoute({
  path: 'complete',
  body: actionSchema,
  summary: 'Say that the visit took place',
  description: 'By staff, from the start of the visit on.',
});
const noShow = actionRoute({
  path: 'no-show',
  body: actionSchema,
  summary: 'Say that the patient did not come',
  description: 'By staff, from the start of the visit on.',
});

/** Changing appointments: each request is an update of the appointment's workflow. */
export function appointmentActionRoutes(deps: ApiDeps) {
  return routes()
    .openapi(confirm, async (c) => {
      const { patientId, ...body } = c.req.valid('json');
      const wish = { action: 'confirm', ...(patientId && { patientId }) } as const;
      return c.json(await ask(deps, c, { ...wish, ...body, appointmentId: c.req.valid('param').id }), 200);
    })
    .openapi(cancel, async (c) => {
      const { offer, ...body } = c.req.valid('json');
      refuseStaffOptions(body.actor, { offer: !offer, notify: !body.notify });
      const wish = { action: 'cancel', ...(offer ? {} : { offer }), ...body } as const;
      return c.json(await ask(deps, c, { ...wish, appointmentId: c.req.valid('param').id }), 200);
    })
    .openapi(extend, async (c) => {
      const wish = { action: 'extend', ...c.req.valid('json') } as const;
      return c.json(await ask(deps, c, { ...wish, appointmentId: c.req.valid('param').id }), 200);
    })
    .openapi(complete, async (c) => {
      const wish = { action: 'complete', ...c.req.valid('json') } as const;
      return c.json(await ask(deps, c, { ...wish, appointmentId: c.req.valid('param').id }), 200);
    })
    .openapi(noShow, async (c) => {
      const wish = { action: 'noShow', ...c.req.valid('json') } as const;
      return c.json(await ask(deps, c, { ...wish, appointmentId: c.req.valid('param').id }), 200);
    });
}
