-- What the migrations come to, to be read. Renewed by `node --import tsx scripts/dump-schema.ts`; a test holds it.

CREATE EXTENSION btree_gist;

CREATE TABLE api_keys (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  digest bytea NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  revoked_at timestamp(3) with time zone,
  CONSTRAINT api_keys_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT api_keys_digest_unique UNIQUE (digest),
  CONSTRAINT api_keys_clinic_id_clinics_clinic_id_fk FOREIGN KEY (clinic_id) REFERENCES clinics(clinic_id)
);
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON api_keys AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));

CREATE TABLE appointments (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  status text NOT NULL,
  status_reason text,
  patient_id uuid,
  provider_id uuid NOT NULL,
  visit_type_id uuid NOT NULL,
  starts_at timestamp(3) with time zone NOT NULL,
  ends_at timestamp(3) with time zone NOT NULL,
  confirm_by timestamp(3) with time zone,
  cancel_until timestamp(3) with time zone,
  move_until timestamp(3) with time zone,
  version integer NOT NULL,
  revision integer NOT NULL,
  plan jsonb NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  updated_at timestamp(3) with time zone NOT NULL,
  settled_at timestamp(3) with time zone NOT NULL DEFAULT '1970-01-01 00:00:00+00'::timestamp with time zone,
  is_reminded boolean NOT NULL DEFAULT true,
  CONSTRAINT appointments_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT appointments_confirm_by_while_waiting CHECK ((((confirm_by IS NOT NULL) = (status = ANY (ARRAY['held'::text, 'pending'::text]))) OR (status = ANY (ARRAY['expired'::text, 'cancelled'::text])))),
  CONSTRAINT appointments_end_after_start CHECK ((ends_at > starts_at)),
  CONSTRAINT appointments_patient_unless_held CHECK (((patient_id IS NOT NULL) OR (status = ANY (ARRAY['held'::text, 'expired'::text, 'cancelled'::text])))),
  CONSTRAINT appointments_status_known CHECK ((status = ANY (ARRAY['held'::text, 'pending'::text, 'booked'::text, 'completed'::text, 'noShow'::text, 'cancelled'::text, 'expired'::text]))),
  CONSTRAINT appointments_clinic_id_patient_id_patients_clinic_id_id_fk FOREIGN KEY (clinic_id, patient_id) REFERENCES patients(clinic_id, id),
  CONSTRAINT appointments_clinic_id_provider_id_providers_clinic_id_id_fk FOREIGN KEY (clinic_id, provider_id) REFERENCES providers(clinic_id, id),
  CONSTRAINT appointments_clinic_id_visit_type_id_visit_types_clinic_id_id_f FOREIGN KEY (clinic_id, visit_type_id) REFERENCES visit_types(clinic_id, id)
);
CREATE INDEX appointments_clinic_id_patient_id_starts_at_index ON public.appointments USING btree (clinic_id, patient_id, starts_at);
CREATE INDEX appointments_clinic_id_provider_id_starts_at_index ON public.appointments USING btree (clinic_id, provider_id, starts_at);
CREATE INDEX appointments_clinic_id_starts_at_id_index ON public.appointments USING btree (clinic_id, starts_at, id);
ALTER TABLE appointments ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON appointments AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON appointments TO vuoro_app;

CREATE TABLE audit_entries (
  clinic_id uuid NOT NULL,
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  appointment_id uuid NOT NULL,
  request_id uuid NOT NULL,
  action text NOT NULL,
  actor text NOT NULL,
  overrode text,
  at timestamp(3) with time zone NOT NULL,
  after jsonb NOT NULL,
  CONSTRAINT audit_entries_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT audit_entries_clinic_id_request_id_unique UNIQUE (clinic_id, request_id),
  CONSTRAINT audit_entries_clinic_id_appointment_id_appointments_clinic_id_i FOREIGN KEY (clinic_id, appointment_id) REFERENCES appointments(clinic_id, id)
);
CREATE INDEX audit_entries_clinic_id_appointment_id_id_index ON public.audit_entries USING btree (clinic_id, appointment_id, id);
ALTER TABLE audit_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON audit_entries AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT ON audit_entries TO vuoro_app;

CREATE TABLE clinics (
  clinic_id uuid NOT NULL,
  slug text NOT NULL,
  name text NOT NULL,
  country text NOT NULL,
  time_zone text NOT NULL,
  languages text[] NOT NULL,
  phone text NOT NULL,
  address text NOT NULL,
  policy jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT clinics_pkey PRIMARY KEY (clinic_id),
  CONSTRAINT clinics_slug_unique UNIQUE (slug)
);
ALTER TABLE clinics ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON clinics AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON clinics TO vuoro_app;

CREATE TABLE consents (
  clinic_id uuid NOT NULL,
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  patient_id uuid NOT NULL,
  category text NOT NULL,
  channel text NOT NULL,
  state text NOT NULL,
  source text NOT NULL,
  wording text NOT NULL,
  recorded_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT consents_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT consents_category_known CHECK ((category = ANY (ARRAY['service'::text, 'offers'::text, 'recalls'::text, 'greetings'::text]))),
  CONSTRAINT consents_channel_known CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  CONSTRAINT consents_source_known CHECK ((source = ANY (ARRAY['staff'::text, 'web'::text, 'sms'::text, 'email'::text, 'form'::text, 'import'::text]))),
  CONSTRAINT consents_state_known CHECK ((state = ANY (ARRAY['given'::text, 'withdrawn'::text]))),
  CONSTRAINT consents_clinic_id_patient_id_patients_clinic_id_id_fk FOREIGN KEY (clinic_id, patient_id) REFERENCES patients(clinic_id, id)
);
CREATE INDEX consents_clinic_id_patient_id_category_channel_id_index ON public.consents USING btree (clinic_id, patient_id, category, channel, id);
ALTER TABLE consents ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON consents AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT ON consents TO vuoro_app;

CREATE TABLE free_texts (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  request_id uuid NOT NULL,
  patient_id uuid,
  channel text NOT NULL,
  address text,
  body text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT free_texts_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT free_texts_channel_known CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  CONSTRAINT free_texts_clinic_id_clinics_clinic_id_fk FOREIGN KEY (clinic_id) REFERENCES clinics(clinic_id),
  CONSTRAINT free_texts_clinic_id_patient_id_patients_clinic_id_id_fk FOREIGN KEY (clinic_id, patient_id) REFERENCES patients(clinic_id, id)
);
ALTER TABLE free_texts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON free_texts AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT ON free_texts TO vuoro_app;

CREATE TABLE idempotency_keys (
  clinic_id uuid NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  attempt integer NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  joined_id uuid,
  CONSTRAINT idempotency_keys_clinic_id_key_pk PRIMARY KEY (clinic_id, key),
  CONSTRAINT idempotency_keys_clinic_id_clinics_clinic_id_fk FOREIGN KEY (clinic_id) REFERENCES clinics(clinic_id)
);
CREATE INDEX idempotency_keys_created_at_index ON public.idempotency_keys USING btree (created_at);
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON idempotency_keys AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_keys TO vuoro_app;

CREATE TABLE inbound_messages (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  transport text NOT NULL,
  provider_message_id text NOT NULL,
  sender text NOT NULL,
  recipient text NOT NULL,
  body text NOT NULL,
  understood_as text,
  understood_why text,
  received_at timestamp(3) with time zone NOT NULL,
  handled_at timestamp(3) with time zone,
  is_carriers_word boolean NOT NULL DEFAULT false,
  outcomes jsonb,
  CONSTRAINT inbound_messages_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT inbound_messages_transport_provider_message_id_unique UNIQUE (transport, provider_message_id),
  CONSTRAINT inbound_messages_clinic_id_clinics_clinic_id_fk FOREIGN KEY (clinic_id) REFERENCES clinics(clinic_id)
);
CREATE INDEX inbound_messages_clinic_id_sender_received_at_index ON public.inbound_messages USING btree (clinic_id, sender, received_at);
CREATE INDEX inbound_messages_unhandled ON public.inbound_messages USING btree (received_at) WHERE (handled_at IS NULL);
ALTER TABLE inbound_messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON inbound_messages AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON inbound_messages TO vuoro_app;

CREATE TABLE message_attempts (
  clinic_id uuid NOT NULL,
  message_id uuid NOT NULL,
  number smallint NOT NULL,
  body_digest bytea NOT NULL,
  outcome text,
  provider_message_id text,
  error_code text,
  started_at timestamp(3) with time zone NOT NULL,
  finished_at timestamp(3) with time zone,
  CONSTRAINT message_attempts_clinic_id_message_id_number_pk PRIMARY KEY (clinic_id, message_id, number),
  CONSTRAINT message_attempts_outcome_known CHECK ((outcome = ANY (ARRAY['accepted'::text, 'rejected'::text, 'busy'::text, 'unknown'::text, 'notFound'::text]))),
  CONSTRAINT message_attempts_clinic_id_message_id_messages_clinic_id_id_fk FOREIGN KEY (clinic_id, message_id) REFERENCES messages(clinic_id, id)
);
ALTER TABLE message_attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON message_attempts AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON message_attempts TO vuoro_app;

CREATE TABLE message_events (
  clinic_id uuid NOT NULL,
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  message_id uuid NOT NULL,
  attempt smallint NOT NULL,
  provider_message_id text NOT NULL,
  status text NOT NULL,
  error_code text NOT NULL DEFAULT ''::text,
  received_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT message_events_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT message_events_clinic_id_provider_message_id_status_error_code_ UNIQUE (clinic_id, provider_message_id, status, error_code),
  CONSTRAINT message_events_clinic_id_message_id_messages_clinic_id_id_fk FOREIGN KEY (clinic_id, message_id) REFERENCES messages(clinic_id, id)
);
CREATE INDEX message_events_clinic_id_message_id_index ON public.message_events USING btree (clinic_id, message_id);
ALTER TABLE message_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON message_events AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT ON message_events TO vuoro_app;

CREATE TABLE messages (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  notification_id uuid NOT NULL,
  patient_id uuid,
  channel text NOT NULL,
  transport text NOT NULL,
  sender text NOT NULL,
  recipient text NOT NULL,
  language text NOT NULL,
  body text NOT NULL,
  segments smallint NOT NULL,
  status text NOT NULL,
  error_code text,
  created_at timestamp(3) with time zone NOT NULL,
  status_at timestamp(3) with time zone NOT NULL,
  subject text,
  CONSTRAINT messages_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT messages_clinic_id_notification_id_recipient_channel_unique UNIQUE (clinic_id, notification_id, recipient, channel),
  CONSTRAINT messages_channel_known CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  CONSTRAINT messages_status_known CHECK ((status = ANY (ARRAY['sending'::text, 'unknown'::text, 'accepted'::text, 'queued'::text, 'sent'::text, 'rejected'::text, 'failed'::text, 'undelivered'::text, 'delivered'::text]))),
  CONSTRAINT messages_clinic_id_notification_id_notifications_clinic_id_id_f FOREIGN KEY (clinic_id, notification_id) REFERENCES notifications(clinic_id, id),
  CONSTRAINT messages_clinic_id_patient_id_patients_clinic_id_id_fk FOREIGN KEY (clinic_id, patient_id) REFERENCES patients(clinic_id, id)
);
CREATE INDEX messages_clinic_id_created_at_recipient_index ON public.messages USING btree (clinic_id, created_at, recipient);
CREATE INDEX messages_clinic_id_patient_id_created_at_index ON public.messages USING btree (clinic_id, patient_id, created_at);
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON messages AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON messages TO vuoro_app;

CREATE TABLE notification_subjects (
  clinic_id uuid NOT NULL,
  notification_id uuid NOT NULL,
  appointment_id uuid NOT NULL,
  version integer NOT NULL,
  step_key text NOT NULL,
  CONSTRAINT notification_subjects_clinic_id_notification_id_appointment_id_ PRIMARY KEY (clinic_id, notification_id, appointment_id),
  CONSTRAINT notification_subjects_clinic_id_appointment_id_step_key_unique UNIQUE (clinic_id, appointment_id, step_key),
  CONSTRAINT notification_subjects_clinic_id_appointment_id_appointments_cli FOREIGN KEY (clinic_id, appointment_id) REFERENCES appointments(clinic_id, id),
  CONSTRAINT notification_subjects_clinic_id_notification_id_notifications_c FOREIGN KEY (clinic_id, notification_id) REFERENCES notifications(clinic_id, id)
);
ALTER TABLE notification_subjects ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON notification_subjects AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT ON notification_subjects TO vuoro_app;

CREATE TABLE notifications (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  dedupe_key text NOT NULL,
  kind text NOT NULL,
  patient_id uuid,
  status text NOT NULL,
  status_reason text,
  created_at timestamp(3) with time zone NOT NULL,
  content jsonb,
  useful_until timestamp(3) with time zone,
  address text,
  CONSTRAINT notifications_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT notifications_clinic_id_dedupe_key_unique UNIQUE (clinic_id, dedupe_key),
  CONSTRAINT notifications_kind_known CHECK ((kind = ANY (ARRAY['booked'::text, 'confirmed'::text, 'moved'::text, 'cancelled'::text, 'expired'::text, 'ask'::text, 'nudge'::text, 'reminder'::text, 'offerWon'::text, 'offer'::text, 'offerGone'::text, 'reply'::text, 'proposal'::text, 'freeText'::text]))),
  CONSTRAINT notifications_status_known CHECK ((status = ANY (ARRAY['planned'::text, 'sending'::text, 'handedOver'::text, 'missed'::text, 'suppressed'::text]))),
  CONSTRAINT notifications_clinic_id_patient_id_patients_clinic_id_id_fk FOREIGN KEY (clinic_id, patient_id) REFERENCES patients(clinic_id, id)
);
CREATE INDEX notifications_clinic_id_patient_id_created_at_index ON public.notifications USING btree (clinic_id, patient_id, created_at);
ALTER TABLE notifications ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON notifications AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON notifications TO vuoro_app;

CREATE TABLE occupancies (
  clinic_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  during tstzrange NOT NULL,
  leased_until timestamp(3) with time zone,
  holder text,
  CONSTRAINT occupancies_provider_id_owner_id_during_pk PRIMARY KEY (provider_id, owner_id, during),
  CONSTRAINT occupancies_no_overlap EXCLUDE USING gist (provider_id WITH =, during WITH &&, owner_id WITH <>),
  CONSTRAINT occupancies_not_empty CHECK ((NOT isempty(during))),
  CONSTRAINT occupancies_clinic_id_provider_id_providers_clinic_id_id_fk FOREIGN KEY (clinic_id, provider_id) REFERENCES providers(clinic_id, id)
);
CREATE INDEX occupancies_holder_index ON public.occupancies USING btree (clinic_id, holder) WHERE (holder IS NOT NULL);
CREATE INDEX occupancies_owner_id_index ON public.occupancies USING btree (owner_id);
ALTER TABLE occupancies ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON occupancies AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON occupancies TO vuoro_app;

CREATE TABLE offers (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  opening_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  waiting_list_entry_id uuid NOT NULL,
  appointment_id uuid,
  wave integer NOT NULL,
  position integer NOT NULL,
  status text NOT NULL,
  reasons jsonb NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  asked_at timestamp(3) with time zone,
  answered_at timestamp(3) with time zone,
  won_appointment_id uuid,
  CONSTRAINT offers_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT offers_clinic_id_opening_id_patient_id_unique UNIQUE (clinic_id, opening_id, patient_id),
  CONSTRAINT offers_status_known CHECK ((status = ANY (ARRAY['planned'::text, 'asked'::text, 'undeliverable'::text, 'declined'::text, 'won'::text, 'gone'::text, 'void'::text, 'lapsed'::text]))),
  CONSTRAINT offers_clinic_id_appointment_id_appointments_clinic_id_id_fk FOREIGN KEY (clinic_id, appointment_id) REFERENCES appointments(clinic_id, id),
  CONSTRAINT offers_clinic_id_opening_id_openings_clinic_id_id_fk FOREIGN KEY (clinic_id, opening_id) REFERENCES openings(clinic_id, id),
  CONSTRAINT offers_clinic_id_patient_id_patients_clinic_id_id_fk FOREIGN KEY (clinic_id, patient_id) REFERENCES patients(clinic_id, id),
  CONSTRAINT offers_clinic_id_waiting_list_entry_id_waiting_list_clinic_id_i FOREIGN KEY (clinic_id, waiting_list_entry_id) REFERENCES waiting_list(clinic_id, id),
  CONSTRAINT offers_clinic_id_won_appointment_id_appointments_clinic_id_id_f FOREIGN KEY (clinic_id, won_appointment_id) REFERENCES appointments(clinic_id, id)
);
CREATE INDEX offers_clinic_id_patient_id_created_at_index ON public.offers USING btree (clinic_id, patient_id, created_at);
CREATE INDEX offers_clinic_id_won_appointment_id_index ON public.offers USING btree (clinic_id, won_appointment_id);
ALTER TABLE offers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON offers AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON offers TO vuoro_app;

CREATE TABLE openings (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  provider_id uuid NOT NULL,
  visit_type_id uuid NOT NULL,
  starts_at timestamp(3) with time zone NOT NULL,
  ends_at timestamp(3) with time zone NOT NULL,
  during tstzrange NOT NULL,
  status text NOT NULL,
  status_reason text,
  cause text NOT NULL,
  appointment_id uuid,
  patient_id uuid,
  depth smallint NOT NULL,
  reopens_id uuid,
  offer_until timestamp(3) with time zone NOT NULL,
  wave integer NOT NULL,
  is_released boolean NOT NULL,
  winner_offer_id uuid,
  revision integer NOT NULL,
  seen_revision integer NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  closed_at timestamp(3) with time zone,
  CONSTRAINT openings_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT openings_cause_known CHECK ((cause = ANY (ARRAY['cancelled'::text, 'moved'::text, 'expired'::text, 'manual'::text]))),
  CONSTRAINT openings_closed_at CHECK (((closed_at IS NULL) = (status = 'offering'::text))),
  CONSTRAINT openings_status_known CHECK ((status = ANY (ARRAY['offering'::text, 'filled'::text, 'withdrawn'::text, 'unfilled'::text]))),
  CONSTRAINT openings_winner CHECK (((winner_offer_id IS NULL) = (status <> 'filled'::text))),
  CONSTRAINT openings_clinic_id_appointment_id_appointments_clinic_id_id_fk FOREIGN KEY (clinic_id, appointment_id) REFERENCES appointments(clinic_id, id),
  CONSTRAINT openings_clinic_id_patient_id_patients_clinic_id_id_fk FOREIGN KEY (clinic_id, patient_id) REFERENCES patients(clinic_id, id),
  CONSTRAINT openings_clinic_id_provider_id_providers_clinic_id_id_fk FOREIGN KEY (clinic_id, provider_id) REFERENCES providers(clinic_id, id),
  CONSTRAINT openings_clinic_id_visit_type_id_visit_types_clinic_id_id_fk FOREIGN KEY (clinic_id, visit_type_id) REFERENCES visit_types(clinic_id, id)
);
CREATE INDEX openings_clinic_id_appointment_id_index ON public.openings USING btree (clinic_id, appointment_id);
CREATE INDEX openings_clinic_id_status_starts_at_index ON public.openings USING btree (clinic_id, status, starts_at);
CREATE INDEX openings_unseen ON public.openings USING btree (created_at) WHERE (seen_revision < revision);
ALTER TABLE openings ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON openings AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON openings TO vuoro_app;

CREATE TABLE opt_outs (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  sender text NOT NULL,
  phone text NOT NULL,
  source text NOT NULL,
  since timestamp(3) with time zone NOT NULL,
  lifted_at timestamp(3) with time zone,
  CONSTRAINT opt_outs_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT opt_outs_clinic_id_clinics_clinic_id_fk FOREIGN KEY (clinic_id) REFERENCES clinics(clinic_id)
);
CREATE UNIQUE INDEX opt_outs_standing ON public.opt_outs USING btree (clinic_id, sender, phone) WHERE (lifted_at IS NULL);
ALTER TABLE opt_outs ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON opt_outs AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON opt_outs TO vuoro_app;

CREATE TABLE page_tokens (
  clinic_id uuid NOT NULL,
  digest bytea NOT NULL,
  appointment_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  language text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT page_tokens_digest_pk PRIMARY KEY (digest),
  CONSTRAINT page_tokens_clinic_id_appointment_id_appointments_clinic_id_id_ FOREIGN KEY (clinic_id, appointment_id) REFERENCES appointments(clinic_id, id),
  CONSTRAINT page_tokens_clinic_id_patient_id_patients_clinic_id_id_fk FOREIGN KEY (clinic_id, patient_id) REFERENCES patients(clinic_id, id)
);
CREATE INDEX page_tokens_clinic_id_appointment_id_index ON public.page_tokens USING btree (clinic_id, appointment_id);
ALTER TABLE page_tokens ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON page_tokens AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT ON page_tokens TO vuoro_app;

CREATE TABLE patients (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  first_name text NOT NULL,
  last_name text NOT NULL,
  mobile text,
  email text,
  birth_on date,
  language text,
  external_id text,
  created_at timestamp(3) with time zone NOT NULL,
  updated_at timestamp(3) with time zone NOT NULL,
  is_in_care boolean NOT NULL DEFAULT false,
  CONSTRAINT patients_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT patients_clinic_id_external_id_unique UNIQUE (clinic_id, external_id),
  CONSTRAINT patients_clinic_id_clinics_clinic_id_fk FOREIGN KEY (clinic_id) REFERENCES clinics(clinic_id)
);
CREATE INDEX patients_clinic_id_last_name_first_name_index ON public.patients USING btree (clinic_id, last_name, first_name);
CREATE INDEX patients_clinic_id_mobile_index ON public.patients USING btree (clinic_id, mobile);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON patients AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON patients TO vuoro_app;

CREATE TABLE proposal_times (
  clinic_id uuid NOT NULL,
  proposal_id uuid NOT NULL,
  position smallint NOT NULL,
  code text NOT NULL,
  provider_id uuid NOT NULL,
  starts_at timestamp(3) with time zone NOT NULL,
  ends_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT proposal_times_clinic_id_proposal_id_position_pk PRIMARY KEY (clinic_id, proposal_id, "position"),
  CONSTRAINT proposal_times_clinic_id_proposal_id_proposals_clinic_id_id_fk FOREIGN KEY (clinic_id, proposal_id) REFERENCES proposals(clinic_id, id),
  CONSTRAINT proposal_times_clinic_id_provider_id_providers_clinic_id_id_fk FOREIGN KEY (clinic_id, provider_id) REFERENCES providers(clinic_id, id)
);
ALTER TABLE proposal_times ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON proposal_times AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT ON proposal_times TO vuoro_app;

CREATE TABLE proposals (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  request_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  visit_type_id uuid NOT NULL,
  appointment_id uuid,
  status text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  send_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  answered_at timestamp(3) with time zone,
  taken_appointment_id uuid,
  CONSTRAINT proposals_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT proposals_status_known CHECK ((status = ANY (ARRAY['waiting'::text, 'answered'::text, 'expired'::text]))),
  CONSTRAINT proposals_clinic_id_appointment_id_appointments_clinic_id_id_fk FOREIGN KEY (clinic_id, appointment_id) REFERENCES appointments(clinic_id, id),
  CONSTRAINT proposals_clinic_id_patient_id_patients_clinic_id_id_fk FOREIGN KEY (clinic_id, patient_id) REFERENCES patients(clinic_id, id),
  CONSTRAINT proposals_clinic_id_visit_type_id_visit_types_clinic_id_id_fk FOREIGN KEY (clinic_id, visit_type_id) REFERENCES visit_types(clinic_id, id)
);
CREATE INDEX proposals_clinic_id_patient_id_created_at_index ON public.proposals USING btree (clinic_id, patient_id, created_at);
ALTER TABLE proposals ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON proposals AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON proposals TO vuoro_app;

CREATE TABLE provider_exceptions (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  provider_id uuid NOT NULL,
  held_on date NOT NULL,
  kind text NOT NULL,
  opens_at text NOT NULL DEFAULT '00:00'::text,
  closes_at text NOT NULL DEFAULT '24:00'::text,
  CONSTRAINT provider_exceptions_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT provider_exceptions_clinic_id_provider_id_providers_clinic_id_i FOREIGN KEY (clinic_id, provider_id) REFERENCES providers(clinic_id, id)
);
ALTER TABLE provider_exceptions ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON provider_exceptions AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON provider_exceptions TO vuoro_app;

CREATE TABLE provider_hours (
  clinic_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  weekday smallint NOT NULL,
  opens_at text NOT NULL,
  closes_at text NOT NULL,
  CONSTRAINT provider_hours_clinic_id_provider_id_weekday_opens_at_pk PRIMARY KEY (clinic_id, provider_id, weekday, opens_at),
  CONSTRAINT provider_hours_clinic_id_provider_id_providers_clinic_id_id_fk FOREIGN KEY (clinic_id, provider_id) REFERENCES providers(clinic_id, id)
);
ALTER TABLE provider_hours ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON provider_hours AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON provider_hours TO vuoro_app;

CREATE TABLE provider_visit_types (
  clinic_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  visit_type_id uuid NOT NULL,
  CONSTRAINT provider_visit_types_clinic_id_provider_id_visit_type_id_pk PRIMARY KEY (clinic_id, provider_id, visit_type_id),
  CONSTRAINT provider_visit_types_clinic_id_provider_id_providers_clinic_id_ FOREIGN KEY (clinic_id, provider_id) REFERENCES providers(clinic_id, id),
  CONSTRAINT provider_visit_types_clinic_id_visit_type_id_visit_types_clinic FOREIGN KEY (clinic_id, visit_type_id) REFERENCES visit_types(clinic_id, id)
);
ALTER TABLE provider_visit_types ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON provider_visit_types AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON provider_visit_types TO vuoro_app;

CREATE TABLE providers (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  CONSTRAINT providers_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT providers_clinic_id_clinics_clinic_id_fk FOREIGN KEY (clinic_id) REFERENCES clinics(clinic_id)
);
ALTER TABLE providers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON providers AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON providers TO vuoro_app;

CREATE TABLE questions (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  sender text NOT NULL,
  phone text NOT NULL,
  kind text NOT NULL,
  patient_id uuid NOT NULL,
  appointment_id uuid,
  version integer,
  offer_id uuid,
  proposal_id uuid,
  codes jsonb NOT NULL,
  asked_at timestamp(3) with time zone NOT NULL,
  answered_at timestamp(3) with time zone,
  answered_as text,
  clarified_at timestamp(3) with time zone,
  known_since timestamp(3) with time zone DEFAULT '1970-01-01 00:00:00+00'::timestamp with time zone,
  CONSTRAINT questions_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT questions_kind_known CHECK ((kind = ANY (ARRAY['confirm'::text, 'attend'::text, 'offer'::text, 'proposal'::text, 'cancel'::text]))),
  CONSTRAINT questions_clinic_id_appointment_id_appointments_clinic_id_id_fk FOREIGN KEY (clinic_id, appointment_id) REFERENCES appointments(clinic_id, id),
  CONSTRAINT questions_clinic_id_offer_id_offers_clinic_id_id_fk FOREIGN KEY (clinic_id, offer_id) REFERENCES offers(clinic_id, id),
  CONSTRAINT questions_clinic_id_patient_id_patients_clinic_id_id_fk FOREIGN KEY (clinic_id, patient_id) REFERENCES patients(clinic_id, id),
  CONSTRAINT questions_clinic_id_proposal_id_proposals_clinic_id_id_fk FOREIGN KEY (clinic_id, proposal_id) REFERENCES proposals(clinic_id, id)
);
CREATE INDEX questions_clinic_id_appointment_id_index ON public.questions USING btree (clinic_id, appointment_id);
CREATE INDEX questions_clinic_id_sender_phone_asked_at_index ON public.questions USING btree (clinic_id, sender, phone, asked_at);
ALTER TABLE questions ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON questions AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON questions TO vuoro_app;

CREATE TABLE requests (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  action text NOT NULL,
  actor text NOT NULL,
  actor_ref text,
  reason text,
  created_at timestamp(3) with time zone NOT NULL,
  holder text,
  CONSTRAINT requests_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT requests_actor_known CHECK ((actor = ANY (ARRAY['patient'::text, 'guardian'::text, 'staff'::text, 'office'::text]))),
  CONSTRAINT requests_clinic_id_clinics_clinic_id_fk FOREIGN KEY (clinic_id) REFERENCES clinics(clinic_id)
);
ALTER TABLE requests ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON requests AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT ON requests TO vuoro_app;

CREATE TABLE rule_changes (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  patient_id uuid,
  made_at timestamp(3) with time zone NOT NULL,
  told_at timestamp(3) with time zone,
  CONSTRAINT rule_changes_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT rule_changes_clinic_id_clinics_clinic_id_fk FOREIGN KEY (clinic_id) REFERENCES clinics(clinic_id),
  CONSTRAINT rule_changes_clinic_id_patient_id_patients_clinic_id_id_fk FOREIGN KEY (clinic_id, patient_id) REFERENCES patients(clinic_id, id)
);
ALTER TABLE rule_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON rule_changes AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON rule_changes TO vuoro_app;

CREATE TABLE senders (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  channel text NOT NULL,
  address text NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  CONSTRAINT senders_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT senders_channel_address_unique UNIQUE (channel, address),
  CONSTRAINT senders_clinic_id_clinics_clinic_id_fk FOREIGN KEY (clinic_id) REFERENCES clinics(clinic_id)
);
ALTER TABLE senders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON senders AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON senders TO vuoro_app;

CREATE TABLE tasks (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  status text NOT NULL,
  dedupe_key text NOT NULL,
  appointment_id uuid,
  patient_id uuid,
  detail jsonb NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  resolved_at timestamp(3) with time zone,
  CONSTRAINT tasks_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT tasks_clinic_id_dedupe_key_unique UNIQUE (clinic_id, dedupe_key),
  CONSTRAINT tasks_kind_known CHECK ((kind = ANY (ARRAY['inboundText'::text, 'undeliverable'::text, 'missedMessage'::text, 'optOutWithVisit'::text, 'unknownOutcome'::text, 'closedDay'::text, 'heldBack'::text, 'lateCancel'::text, 'lateAnswer'::text, 'openingUnfilled'::text]))),
  CONSTRAINT tasks_status_known CHECK ((status = ANY (ARRAY['open'::text, 'resolved'::text]))),
  CONSTRAINT tasks_clinic_id_appointment_id_appointments_clinic_id_id_fk FOREIGN KEY (clinic_id, appointment_id) REFERENCES appointments(clinic_id, id),
  CONSTRAINT tasks_clinic_id_patient_id_patients_clinic_id_id_fk FOREIGN KEY (clinic_id, patient_id) REFERENCES patients(clinic_id, id)
);
CREATE INDEX tasks_clinic_id_status_created_at_id_index ON public.tasks USING btree (clinic_id, status, created_at, id);
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON tasks AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON tasks TO vuoro_app;

CREATE TABLE visit_types (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  names jsonb NOT NULL,
  duration_minutes integer NOT NULL,
  buffer_before_minutes integer NOT NULL DEFAULT 0,
  buffer_after_minutes integer NOT NULL DEFAULT 0,
  grid_minutes integer NOT NULL DEFAULT 15,
  minimum_notice_minutes integer NOT NULL DEFAULT 120,
  horizon_days integer NOT NULL DEFAULT 180,
  self_service_cancel text NOT NULL DEFAULT 'allowed'::text,
  self_service_move text NOT NULL DEFAULT 'allowed'::text,
  cancel_cutoff_minutes integer,
  move_cutoff_minutes integer,
  may_backfill boolean NOT NULL DEFAULT true,
  reminder_rules jsonb,
  is_active boolean NOT NULL DEFAULT true,
  CONSTRAINT visit_types_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT visit_types_clinic_id_clinics_clinic_id_fk FOREIGN KEY (clinic_id) REFERENCES clinics(clinic_id)
);
ALTER TABLE visit_types ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON visit_types AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT SELECT ON visit_types TO vuoro_app;

CREATE TABLE waiting_list (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  patient_id uuid NOT NULL,
  visit_type_id uuid NOT NULL,
  provider_ids uuid[],
  earliest_on date,
  latest_on date,
  weekdays smallint[],
  between_from text,
  between_to text,
  instead_of uuid,
  created_at timestamp(3) with time zone NOT NULL,
  ended_at timestamp(3) with time zone,
  ended_as text,
  CONSTRAINT waiting_list_clinic_id_id_pk PRIMARY KEY (clinic_id, id),
  CONSTRAINT waiting_list_between_both CHECK (((between_from IS NULL) = (between_to IS NULL))),
  CONSTRAINT waiting_list_ended_as CHECK (((ended_at IS NULL) = (ended_as IS NULL))),
  CONSTRAINT waiting_list_clinic_id_instead_of_appointments_clinic_id_id_fk FOREIGN KEY (clinic_id, instead_of) REFERENCES appointments(clinic_id, id),
  CONSTRAINT waiting_list_clinic_id_patient_id_patients_clinic_id_id_fk FOREIGN KEY (clinic_id, patient_id) REFERENCES patients(clinic_id, id),
  CONSTRAINT waiting_list_clinic_id_visit_type_id_visit_types_clinic_id_id_f FOREIGN KEY (clinic_id, visit_type_id) REFERENCES visit_types(clinic_id, id)
);
CREATE INDEX waiting_list_clinic_id_patient_id_index ON public.waiting_list USING btree (clinic_id, patient_id);
CREATE INDEX waiting_list_open ON public.waiting_list USING btree (clinic_id, visit_type_id, created_at) WHERE (ended_at IS NULL);
ALTER TABLE waiting_list ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_clinic ON waiting_list AS PERMISSIVE FOR ALL TO vuoro_app
  USING ((clinic_id = ( SELECT (NULLIF(current_setting('app.clinic'::text, true), ''::text))::uuid AS "nullif")));
GRANT INSERT, SELECT, UPDATE ON waiting_list TO vuoro_app;

CREATE OR REPLACE FUNCTION public.find_api_key(key_digest bytea)
 RETURNS TABLE(clinic_id uuid, scopes text[], country text, time_zone text, languages text[], phone text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  SELECT c.clinic_id, k.scopes, c.country, c.time_zone, c.languages, c.phone
  FROM api_keys k JOIN clinics c ON c.clinic_id = k.clinic_id
  WHERE k.digest = key_digest AND k.revoked_at IS NULL
$function$;
GRANT EXECUTE ON FUNCTION find_api_key(key_digest bytea) TO vuoro_app;

CREATE OR REPLACE FUNCTION public.find_message(wanted uuid)
 RETURNS TABLE(clinic_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  SELECT m.clinic_id FROM messages m WHERE m.id = wanted
$function$;
GRANT EXECUTE ON FUNCTION find_message(wanted uuid) TO vuoro_app;

CREATE OR REPLACE FUNCTION public.find_page_token(token_digest bytea)
 RETURNS TABLE(clinic_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  SELECT t.clinic_id FROM page_tokens t WHERE t.digest = token_digest
$function$;
GRANT EXECUTE ON FUNCTION find_page_token(token_digest bytea) TO vuoro_app;

CREATE OR REPLACE FUNCTION public.find_sender(sender_channel text, sender_address text)
 RETURNS TABLE(clinic_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  SELECT s.clinic_id FROM senders s WHERE s.channel = sender_channel AND s.address = sender_address
$function$;
GRANT EXECUTE ON FUNCTION find_sender(sender_channel text, sender_address text) TO vuoro_app;

CREATE OR REPLACE FUNCTION public.find_unhandled_inbound(received_before timestamp with time zone, at_most integer)
 RETURNS TABLE(clinic_id uuid, id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  SELECT i.clinic_id, i.id FROM inbound_messages i
  WHERE i.handled_at IS NULL AND i.received_at < received_before
  ORDER BY i.received_at LIMIT at_most
$function$;
GRANT EXECUTE ON FUNCTION find_unhandled_inbound(received_before timestamp with time zone, at_most integer) TO vuoro_app;

CREATE OR REPLACE FUNCTION public.find_unseen_openings(at_most integer)
 RETURNS TABLE(clinic_id uuid, id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  SELECT o.clinic_id, o.id FROM openings o
  WHERE o.seen_revision < o.revision
  ORDER BY o.created_at LIMIT at_most
$function$;
GRANT EXECUTE ON FUNCTION find_unseen_openings(at_most integer) TO vuoro_app;

CREATE OR REPLACE FUNCTION public.find_untold_rule_changes(at_most integer)
 RETURNS TABLE(clinic_id uuid, id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  SELECT r.clinic_id, r.id FROM rule_changes r WHERE r.told_at IS NULL ORDER BY r.made_at LIMIT at_most
$function$;
GRANT EXECUTE ON FUNCTION find_untold_rule_changes(at_most integer) TO vuoro_app;

CREATE OR REPLACE FUNCTION public.protect_clinic_rows(protected regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', protected);
  EXECUTE format(
    'CREATE POLICY own_clinic ON %s TO vuoro_app USING (clinic_id = (SELECT nullif(current_setting(''app.clinic'', true), '''')::uuid))',
    protected);
END
$function$;

CREATE OR REPLACE FUNCTION public.purge_idempotency_keys(made_before timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
  WITH purged AS (DELETE FROM idempotency_keys k WHERE k.created_at < made_before RETURNING 1) SELECT count(*) FROM purged
$function$;
GRANT EXECUTE ON FUNCTION purge_idempotency_keys(made_before timestamp with time zone) TO vuoro_app;

GRANT USAGE ON SCHEMA public TO PUBLIC;
GRANT USAGE ON SCHEMA public TO vuoro_app;
