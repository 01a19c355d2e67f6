CREATE TABLE "api_keys" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "api_keys_digest_unique" UNIQUE("digest")
);
--> statement-breakpoint
CREATE TABLE "clinics" (
	"clinic_id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"country" text NOT NULL,
	"time_zone" text NOT NULL,
	"languages" text[] NOT NULL,
	"phone" text NOT NULL,
	"address" text NOT NULL,
	"policy" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "clinics_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "senders" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "senders_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "senders_channel_address_unique" UNIQUE("channel","address")
);
--> statement-breakpoint
CREATE TABLE "provider_exceptions" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"provider_id" uuid NOT NULL,
	"held_on" date NOT NULL,
	"kind" text NOT NULL,
	"opens_at" text DEFAULT '00:00' NOT NULL,
	"closes_at" text DEFAULT '24:00' NOT NULL,
	CONSTRAINT "provider_exceptions_clinic_id_id_pk" PRIMARY KEY("clinic_id","id")
);
--> statement-breakpoint
CREATE TABLE "provider_hours" (
	"clinic_id" uuid NOT NULL,
	"provider_id" uuid NOT NULL,
	"weekday" smallint NOT NULL,
	"opens_at" text NOT NULL,
	"closes_at" text NOT NULL,
	CONSTRAINT "provider_hours_clinic_id_provider_id_weekday_opens_at_pk" PRIMARY KEY("clinic_id","provider_id","weekday","opens_at")
);
--> statement-breakpoint
CREATE TABLE "provider_visit_types" (
	"clinic_id" uuid NOT NULL,
	"provider_id" uuid NOT NULL,
	"visit_type_id" uuid NOT NULL,
	CONSTRAINT "provider_visit_types_clinic_id_provider_id_visit_type_id_pk" PRIMARY KEY("clinic_id","provider_id","visit_type_id")
);
--> statement-breakpoint
CREATE TABLE "providers" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "providers_clinic_id_id_pk" PRIMARY KEY("clinic_id","id")
);
--> statement-breakpoint
CREATE TABLE "visit_types" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"names" jsonb NOT NULL,
	"duration_minutes" integer NOT NULL,
	"buffer_before_minutes" integer DEFAULT 0 NOT NULL,
	"buffer_after_minutes" integer DEFAULT 0 NOT NULL,
	"grid_minutes" integer DEFAULT 15 NOT NULL,
	"minimum_notice_minutes" integer DEFAULT 120 NOT NULL,
	"horizon_days" integer DEFAULT 180 NOT NULL,
	"self_service_cancel" text DEFAULT 'allowed' NOT NULL,
	"self_service_move" text DEFAULT 'allowed' NOT NULL,
	"cancel_cutoff_minutes" integer,
	"move_cutoff_minutes" integer,
	"may_backfill" boolean DEFAULT true NOT NULL,
	"reminder_rules" jsonb,
	"is_active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "visit_types_clinic_id_id_pk" PRIMARY KEY("clinic_id","id")
);
--> statement-breakpoint
CREATE TABLE "patients" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"first_name" text NOT NULL,
	"last_name" text NOT NULL,
	"mobile" text,
	"email" text,
	"birth_on" date,
	"language" text,
	"external_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "patients_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "patients_clinic_id_external_id_unique" UNIQUE("clinic_id","external_id")
);
--> statement-breakpoint
CREATE TABLE "appointments" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"status" text NOT NULL,
	"status_reason" text,
	"patient_id" uuid,
	"provider_id" uuid NOT NULL,
	"visit_type_id" uuid NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"confirm_by" timestamp (3) with time zone,
	"cancel_until" timestamp (3) with time zone,
	"move_until" timestamp (3) with time zone,
	"version" integer NOT NULL,
	"revision" integer NOT NULL,
	"plan" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "appointments_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "appointments_end_after_start" CHECK ("appointments"."ends_at" > "appointments"."starts_at"),
	CONSTRAINT "appointments_status_known" CHECK (status in ('held', 'pending', 'booked', 'completed', 'noShow', 'cancelled', 'expired')),
	CONSTRAINT "appointments_patient_unless_held" CHECK ("appointments"."patient_id" is not null or "appointments"."status" in ('held', 'expired', 'cancelled')),
	CONSTRAINT "appointments_confirm_by_while_waiting" CHECK (("appointments"."confirm_by" is not null) = ("appointments"."status" in ('held', 'pending')) or "appointments"."status" in ('expired', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "occupancies" (
	"clinic_id" uuid NOT NULL,
	"provider_id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	"during" "tstzrange" NOT NULL,
	"leased_until" timestamp (3) with time zone,
	CONSTRAINT "occupancies_provider_id_owner_id_during_pk" PRIMARY KEY("provider_id","owner_id","during")
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"clinic_id" uuid NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "audit_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"appointment_id" uuid NOT NULL,
	"request_id" uuid NOT NULL,
	"action" text NOT NULL,
	"actor" text NOT NULL,
	"overrode" text,
	"at" timestamp (3) with time zone NOT NULL,
	"after" jsonb NOT NULL,
	CONSTRAINT "audit_entries_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "audit_entries_clinic_id_request_id_unique" UNIQUE("clinic_id","request_id")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"clinic_id" uuid NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"attempt" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_clinic_id_key_pk" PRIMARY KEY("clinic_id","key")
);
--> statement-breakpoint
CREATE TABLE "requests" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"action" text NOT NULL,
	"actor" text NOT NULL,
	"actor_ref" text,
	"reason" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "requests_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "requests_actor_known" CHECK (actor in ('patient', 'guardian', 'staff', 'office'))
);
--> statement-breakpoint
CREATE TABLE "message_attempts" (
	"clinic_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"number" smallint NOT NULL,
	"body_digest" "bytea" NOT NULL,
	"outcome" text,
	"provider_message_id" text,
	"error_code" text,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "message_attempts_clinic_id_message_id_number_pk" PRIMARY KEY("clinic_id","message_id","number"),
	CONSTRAINT "message_attempts_outcome_known" CHECK (outcome in ('accepted', 'rejected', 'busy', 'unknown', 'notFound'))
);
--> statement-breakpoint
CREATE TABLE "message_events" (
	"clinic_id" uuid NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "message_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"message_id" uuid NOT NULL,
	"attempt" smallint NOT NULL,
	"provider_message_id" text NOT NULL,
	"status" text NOT NULL,
	"error_code" text DEFAULT '' NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "message_events_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "message_events_clinic_id_provider_message_id_status_error_code_unique" UNIQUE("clinic_id","provider_message_id","status","error_code")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"notification_id" uuid NOT NULL,
	"patient_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"transport" text NOT NULL,
	"sender" text NOT NULL,
	"recipient" text NOT NULL,
	"language" text NOT NULL,
	"body" text NOT NULL,
	"segments" smallint NOT NULL,
	"status" text NOT NULL,
	"error_code" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"status_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "messages_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "messages_clinic_id_notification_id_recipient_channel_unique" UNIQUE("clinic_id","notification_id","recipient","channel"),
	CONSTRAINT "messages_channel_known" CHECK (channel in ('sms', 'email')),
	CONSTRAINT "messages_status_known" CHECK (status in ('sending', 'unknown', 'accepted', 'queued', 'sent', 'rejected', 'failed', 'undelivered', 'delivered'))
);
--> statement-breakpoint
CREATE TABLE "notification_subjects" (
	"clinic_id" uuid NOT NULL,
	"notification_id" uuid NOT NULL,
	"appointment_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"step_key" text NOT NULL,
	CONSTRAINT "notification_subjects_clinic_id_notification_id_appointment_id_pk" PRIMARY KEY("clinic_id","notification_id","appointment_id"),
	CONSTRAINT "notification_subjects_clinic_id_appointment_id_step_key_unique" UNIQUE("clinic_id","appointment_id","step_key")
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"dedupe_key" text NOT NULL,
	"kind" text NOT NULL,
	"patient_id" uuid NOT NULL,
	"status" text NOT NULL,
	"status_reason" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "notifications_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "notifications_clinic_id_dedupe_key_unique" UNIQUE("clinic_id","dedupe_key"),
	CONSTRAINT "notifications_kind_known" CHECK (kind in ('booked', 'confirmed', 'moved', 'cancelled', 'expired', 'ask', 'nudge', 'reminder')),
	CONSTRAINT "notifications_status_known" CHECK (status in ('sending', 'handedOver', 'missed', 'suppressed'))
);
--> statement-breakpoint
CREATE TABLE "page_tokens" (
	"clinic_id" uuid NOT NULL,
	"digest" "bytea" NOT NULL,
	"appointment_id" uuid NOT NULL,
	"patient_id" uuid NOT NULL,
	"language" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "page_tokens_digest_pk" PRIMARY KEY("digest")
);
--> statement-breakpoint
CREATE TABLE "inbound_messages" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"transport" text NOT NULL,
	"provider_message_id" text NOT NULL,
	"sender" text NOT NULL,
	"recipient" text NOT NULL,
	"body" text NOT NULL,
	"understood_as" text,
	"understood_why" text,
	"received_at" timestamp (3) with time zone NOT NULL,
	"handled_at" timestamp (3) with time zone,
	CONSTRAINT "inbound_messages_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "inbound_messages_transport_provider_message_id_unique" UNIQUE("transport","provider_message_id")
);
--> statement-breakpoint
CREATE TABLE "opt_outs" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"sender" text NOT NULL,
	"phone" text NOT NULL,
	"source" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"lifted_at" timestamp (3) with time zone,
	CONSTRAINT "opt_outs_clinic_id_id_pk" PRIMARY KEY("clinic_id","id")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"appointment_id" uuid,
	"patient_id" uuid,
	"detail" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	CONSTRAINT "tasks_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "tasks_clinic_id_dedupe_key_unique" UNIQUE("clinic_id","dedupe_key"),
	CONSTRAINT "tasks_kind_known" CHECK (kind in ('inboundText', 'undeliverable', 'missedMessage', 'optOutWithVisit', 'unknownOutcome', 'closedDay')),
	CONSTRAINT "tasks_status_known" CHECK (status in ('open', 'resolved'))
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_clinic_id_clinics_clinic_id_fk" FOREIGN KEY ("clinic_id") REFERENCES "public"."clinics"("clinic_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "senders" ADD CONSTRAINT "senders_clinic_id_clinics_clinic_id_fk" FOREIGN KEY ("clinic_id") REFERENCES "public"."clinics"("clinic_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_exceptions" ADD CONSTRAINT "provider_exceptions_clinic_id_provider_id_providers_clinic_id_id_fk" FOREIGN KEY ("clinic_id","provider_id") REFERENCES "public"."providers"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_hours" ADD CONSTRAINT "provider_hours_clinic_id_provider_id_providers_clinic_id_id_fk" FOREIGN KEY ("clinic_id","provider_id") REFERENCES "public"."providers"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_visit_types" ADD CONSTRAINT "provider_visit_types_clinic_id_provider_id_providers_clinic_id_id_fk" FOREIGN KEY ("clinic_id","provider_id") REFERENCES "public"."providers"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_visit_types" ADD CONSTRAINT "provider_visit_types_clinic_id_visit_type_id_visit_types_clinic_id_id_fk" FOREIGN KEY ("clinic_id","visit_type_id") REFERENCES "public"."visit_types"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "providers" ADD CONSTRAINT "providers_clinic_id_clinics_clinic_id_fk" FOREIGN KEY ("clinic_id") REFERENCES "public"."clinics"("clinic_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visit_types" ADD CONSTRAINT "visit_types_clinic_id_clinics_clinic_id_fk" FOREIGN KEY ("clinic_id") REFERENCES "public"."clinics"("clinic_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patients" ADD CONSTRAINT "patients_clinic_id_clinics_clinic_id_fk" FOREIGN KEY ("clinic_id") REFERENCES "public"."clinics"("clinic_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appointments" ADD CONSTRAINT "appointments_clinic_id_patient_id_patients_clinic_id_id_fk" FOREIGN KEY ("clinic_id","patient_id") REFERENCES "public"."patients"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appointments" ADD CONSTRAINT "appointments_clinic_id_provider_id_providers_clinic_id_id_fk" FOREIGN KEY ("clinic_id","provider_id") REFERENCES "public"."providers"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appointments" ADD CONSTRAINT "appointments_clinic_id_visit_type_id_visit_types_clinic_id_id_fk" FOREIGN KEY ("clinic_id","visit_type_id") REFERENCES "public"."visit_types"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "occupancies" ADD CONSTRAINT "occupancies_clinic_id_provider_id_providers_clinic_id_id_fk" FOREIGN KEY ("clinic_id","provider_id") REFERENCES "public"."providers"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_clinic_id_appointment_id_appointments_clinic_id_id_fk" FOREIGN KEY ("clinic_id","appointment_id") REFERENCES "public"."appointments"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_clinic_id_clinics_clinic_id_fk" FOREIGN KEY ("clinic_id") REFERENCES "public"."clinics"("clinic_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "requests" ADD CONSTRAINT "requests_clinic_id_clinics_clinic_id_fk" FOREIGN KEY ("clinic_id") REFERENCES "public"."clinics"("clinic_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_attempts" ADD CONSTRAINT "message_attempts_clinic_id_message_id_messages_clinic_id_id_fk" FOREIGN KEY ("clinic_id","message_id") REFERENCES "public"."messages"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_events" ADD CONSTRAINT "message_events_clinic_id_message_id_messages_clinic_id_id_fk" FOREIGN KEY ("clinic_id","message_id") REFERENCES "public"."messages"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_clinic_id_notification_id_notifications_clinic_id_id_fk" FOREIGN KEY ("clinic_id","notification_id") REFERENCES "public"."notifications"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_clinic_id_patient_id_patients_clinic_id_id_fk" FOREIGN KEY ("clinic_id","patient_id") REFERENCES "public"."patients"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_subjects" ADD CONSTRAINT "notification_subjects_clinic_id_notification_id_notifications_clinic_id_id_fk" FOREIGN KEY ("clinic_id","notification_id") REFERENCES "public"."notifications"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_subjects" ADD CONSTRAINT "notification_subjects_clinic_id_appointment_id_appointments_clinic_id_id_fk" FOREIGN KEY ("clinic_id","appointment_id") REFERENCES "public"."appointments"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_clinic_id_patient_id_patients_clinic_id_id_fk" FOREIGN KEY ("clinic_id","patient_id") REFERENCES "public"."patients"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "page_tokens" ADD CONSTRAINT "page_tokens_clinic_id_appointment_id_appointments_clinic_id_id_fk" FOREIGN KEY ("clinic_id","appointment_id") REFERENCES "public"."appointments"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "page_tokens" ADD CONSTRAINT "page_tokens_clinic_id_patient_id_patients_clinic_id_id_fk" FOREIGN KEY ("clinic_id","patient_id") REFERENCES "public"."patients"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD CONSTRAINT "inbound_messages_clinic_id_clinics_clinic_id_fk" FOREIGN KEY ("clinic_id") REFERENCES "public"."clinics"("clinic_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opt_outs" ADD CONSTRAINT "opt_outs_clinic_id_clinics_clinic_id_fk" FOREIGN KEY ("clinic_id") REFERENCES "public"."clinics"("clinic_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_clinic_id_appointment_id_appointments_clinic_id_id_fk" FOREIGN KEY ("clinic_id","appointment_id") REFERENCES "public"."appointments"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_clinic_id_patient_id_patients_clinic_id_id_fk" FOREIGN KEY ("clinic_id","patient_id") REFERENCES "public"."patients"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "patients_clinic_id_mobile_index" ON "patients" USING btree ("clinic_id","mobile");--> statement-breakpoint
CREATE INDEX "patients_clinic_id_last_name_first_name_index" ON "patients" USING btree ("clinic_id","last_name","first_name");--> statement-breakpoint
CREATE INDEX "appointments_clinic_id_starts_at_id_index" ON "appointments" USING btree ("clinic_id","starts_at","id");--> statement-breakpoint
CREATE INDEX "appointments_clinic_id_provider_id_starts_at_index" ON "appointments" USING btree ("clinic_id","provider_id","starts_at");--> statement-breakpoint
CREATE INDEX "appointments_clinic_id_patient_id_starts_at_index" ON "appointments" USING btree ("clinic_id","patient_id","starts_at");--> statement-breakpoint
CREATE INDEX "occupancies_owner_id_index" ON "occupancies" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "audit_entries_clinic_id_appointment_id_id_index" ON "audit_entries" USING btree ("clinic_id","appointment_id","id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at_index" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "message_events_clinic_id_message_id_index" ON "message_events" USING btree ("clinic_id","message_id");--> statement-breakpoint
CREATE INDEX "messages_clinic_id_patient_id_created_at_index" ON "messages" USING btree ("clinic_id","patient_id","created_at");--> statement-breakpoint
CREATE INDEX "notifications_clinic_id_patient_id_created_at_index" ON "notifications" USING btree ("clinic_id","patient_id","created_at");--> statement-breakpoint
CREATE INDEX "page_tokens_clinic_id_appointment_id_index" ON "page_tokens" USING btree ("clinic_id","appointment_id");--> statement-breakpoint
CREATE INDEX "inbound_messages_clinic_id_sender_received_at_index" ON "inbound_messages" USING btree ("clinic_id","sender","received_at");--> statement-breakpoint
CREATE INDEX "inbound_messages_unhandled" ON "inbound_messages" USING btree ("received_at") WHERE handled_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "opt_outs_standing" ON "opt_outs" USING btree ("clinic_id","sender","phone") WHERE lifted_at is null;--> statement-breakpoint
CREATE INDEX "tasks_clinic_id_status_created_at_id_index" ON "tasks" USING btree ("clinic_id","status","created_at","id");