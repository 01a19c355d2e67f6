-- What drizzle cannot express: no double booking, row-level security, the app role's rights, look-ups before the clinic is known.

CREATE EXTENSION IF NOT EXISTS btree_gist;
--> statement-breakpoint
ALTER TABLE occupancies ADD CONSTRAINT occupancies_no_overlap
  EXCLUDE USING gist (provider_id WITH =, during WITH &&, owner_id WITH <>);
--> statement-breakpoint
ALTER TABLE occupancies ADD CONSTRAINT occupancies_not_empty CHECK (NOT isempty(during));
--> statement-breakpoint

-- The role of API and worker: it owns nothing. A login of the deployment is made a member of it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'vuoro_app') THEN
    CREATE ROLE vuoro_app NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- another database of this cluster is being migrated at the same moment
END
$$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO vuoro_app;
--> statement-breakpoint
GRANT SELECT ON clinics, senders, providers, provider_hours, provider_exceptions, visit_types, provider_visit_types,
  patients, appointments, occupancies, requests, idempotency_keys, audit_entries, notifications, notification_subjects,
  messages, message_attempts, message_events, page_tokens, inbound_messages, opt_outs, tasks TO vuoro_app;
--> statement-breakpoint
GRANT INSERT ON patients, appointments, occupancies, requests, idempotency_keys, audit_entries, notifications,
  notification_subjects, messages, message_attempts, message_events, page_tokens, inbound_messages, opt_outs, tasks TO vuoro_app;
--> statement-breakpoint
-- Not among them: requests, audit_entries, message_events. What was asked, done and reported is never rewritten.
GRANT UPDATE ON patients, appointments, occupancies, idempotency_keys, notifications, messages, message_attempts,
  inbound_messages, opt_outs, tasks TO vuoro_app;
--> statement-breakpoint
GRANT DELETE ON occupancies, idempotency_keys TO vuoro_app;
--> statement-breakpoint

-- Every table with a clinic shows and takes only the rows of the clinic that the transaction has set. A pooled
-- connection keeps an empty string after `set_config(…, true)`, hence the nullif.
CREATE FUNCTION protect_clinic_rows(protected regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', protected);
  EXECUTE format(
    'CREATE POLICY own_clinic ON %s TO vuoro_app USING (clinic_id = (SELECT nullif(current_setting(''app.clinic'', true), '''')::uuid))',
    protected);
END
$$;
--> statement-breakpoint
SELECT protect_clinic_rows(c.oid)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'clinic_id'
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace;
--> statement-breakpoint

-- Look-ups that come before the clinic is known. Each answers with the clinic and nothing about its patients.
CREATE FUNCTION find_api_key(key_digest bytea)
RETURNS TABLE (clinic_id uuid, scopes text[], country text, time_zone text, languages text[], phone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.clinic_id, k.scopes, c.country, c.time_zone, c.languages, c.phone
  FROM api_keys k JOIN clinics c ON c.clinic_id = k.clinic_id
  WHERE k.digest = key_digest AND k.revoked_at IS NULL
$$;
--> statement-breakpoint
CREATE FUNCTION find_sender(sender_channel text, sender_address text) RETURNS TABLE (clinic_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT s.clinic_id FROM senders s WHERE s.channel = sender_channel AND s.address = sender_address
$$;
--> statement-breakpoint
CREATE FUNCTION find_page_token(token_digest bytea) RETURNS TABLE (clinic_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT t.clinic_id FROM page_tokens t WHERE t.digest = token_digest
$$;
--> statement-breakpoint
CREATE FUNCTION find_message(wanted uuid) RETURNS TABLE (clinic_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.clinic_id FROM messages m WHERE m.id = wanted
$$;
--> statement-breakpoint
CREATE FUNCTION find_unhandled_inbound(received_before timestamptz, at_most integer) RETURNS TABLE (clinic_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT i.clinic_id, i.id FROM inbound_messages i
  WHERE i.handled_at IS NULL AND i.received_at < received_before
  ORDER BY i.received_at LIMIT at_most
$$;
--> statement-breakpoint
-- Housekeeping over all clinics: repeats are known as such for 30 days, longer than Temporal keeps a closed workflow.
CREATE FUNCTION purge_idempotency_keys(made_before timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH purged AS (DELETE FROM idempotency_keys k WHERE k.created_at < made_before RETURNING 1) SELECT count(*) FROM purged
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION find_api_key, find_sender, find_page_token, find_message, find_unhandled_inbound, purge_idempotency_keys, protect_clinic_rows FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION find_api_key, find_sender, find_page_token, find_message, find_unhandled_inbound, purge_idempotency_keys TO vuoro_app;
