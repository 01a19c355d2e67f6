import type postgres from 'postgres';
import type { Appointment, AuditActor } from '../../../domain/appointment.ts';
import type { ClinicId } from '../../../domain/ids.ts';
import type { Instant, Interval } from '../../../domain/interval.ts';
import type { Plan } from '../../../domain/plan.ts';

export interface Stored {
  plan: Plan;
  changes: { action: string; actor: AuditActor; overrode: string | null; at: Instant; after: Appointment }[];
  occupied: (Interval & { providerId: string; isLeased: boolean })[];
  notifications: StoredNotification[];
  tasks: string[];
  /** The appointment's row, as in the audit. */
  row: Appointment;
}

export interface StoredNotification {
  key: string;
  version: number;
  status: string;
  reason: string | null;
  messageId: string | null;
  outcomes: string[];
  digests: string[];
}

type Row = Omit<Stored, 'row'> & { row: Record<string, unknown> };

/** All that the tables say about an appointment; undefined where there is none. */
export async function look(sql: postgres.Sql, clinicId: ClinicId, id: string): Promise<Stored | undefined> {
  const [found] = await sql<[Row?]>`
    select plan, to_jsonb(a) - 'plan' - 'settled_at' - 'is_reminded' as row,
      (select coalesce(jsonb_agg(jsonb_build_object('action', action, 'actor', actor, 'overrode', overrode,
          'at', ${milliseconds(sql, sql`at`)}, 'after', after) order by e.id), '[]')
        from audit_entries e where clinic_id = ${clinicId} and appointment_id = a.id) as changes,
      (select coalesce(jsonb_agg(jsonb_build_object('providerId', provider_id, 'isLeased', leased_until is not null,
          'start', ${milliseconds(sql, sql`lower(during)`)}, 'end', ${milliseconds(sql, sql`upper(during)`)})), '[]')
        from occupancies where clinic_id = ${clinicId} and owner_id = a.id) as occupied,
      (select coalesce(jsonb_agg(jsonb_build_object('key', step_key, 'version', s.version, 'status', n.status,
          'reason', n.status_reason, 'messageId', m.id,
          'outcomes', array(select coalesce(outcome, 'open') from message_attempts
            where clinic_id = ${clinicId} and message_id = m.id order by number),
          'digests', array(select encode(body_digest, 'hex') from message_attempts
            where clinic_id = ${clinicId} and message_id = m.id))), '[]')
        from notification_subjects s
          join notifications n on n.clinic_id = s.clinic_id and n.id = s.notification_id
          left join messages m on m.clinic_id = n.clinic_id and m.notification_id = n.id
        where s.clinic_id = ${clinicId} and s.appointment_id = a.id) as notifications,
      array(select kind from tasks where clinic_id = ${clinicId} and appointment_id = a.id and status = 'open' order by kind) as tasks
    from appointments a where clinic_id = ${clinicId} and a.id = ${id}`;
  return found && { ...found, row: appointmentFrom(found.row) };
}

function milliseconds(sql: postgres.Sql, instant: postgres.Fragment): postgres.Fragment {
  return sql`round(extract(epoch from ${instant}) * 1000)::bigint`;
}

function appointmentFrom(row: Record<string, unknown>): Appointment {
  const fields = Object.entries(row).map(([column, value]) => {
    const field = column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const isInstant = /(At|By|Until)$/.test(field) && typeof value === 'string';
    return [field, isInstant ? Date.parse(value) : value];
  });
  return Object.fromEntries(fields) as Appointment;
}
