CREATE TABLE "consents" (
	"clinic_id" uuid NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "consents_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"patient_id" uuid NOT NULL,
	"category" text NOT NULL,
	"channel" text NOT NULL,
	"state" text NOT NULL,
	"source" text NOT NULL,
	"wording" text NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "consents_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "consents_category_known" CHECK (category in ('service', 'offers', 'recalls', 'greetings')),
	CONSTRAINT "consents_channel_known" CHECK (channel in ('sms', 'email')),
	CONSTRAINT "consents_state_known" CHECK (state in ('given', 'withdrawn')),
	CONSTRAINT "consents_source_known" CHECK (source in ('staff', 'web', 'sms', 'email', 'form', 'import'))
);
--> statement-breakpoint
CREATE TABLE "offers" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"opening_id" uuid NOT NULL,
	"patient_id" uuid NOT NULL,
	"waiting_list_entry_id" uuid NOT NULL,
	"appointment_id" uuid,
	"wave" integer NOT NULL,
	"position" integer NOT NULL,
	"status" text NOT NULL,
	"reasons" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"asked_at" timestamp (3) with time zone,
	"answered_at" timestamp (3) with time zone,
	"won_appointment_id" uuid,
	CONSTRAINT "offers_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "offers_clinic_id_opening_id_patient_id_unique" UNIQUE("clinic_id","opening_id","patient_id"),
	CONSTRAINT "offers_status_known" CHECK (status in ('planned', 'asked', 'undeliverable', 'declined', 'won', 'gone', 'void', 'lapsed'))
);
--> statement-breakpoint
CREATE TABLE "openings" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"provider_id" uuid NOT NULL,
	"visit_type_id" uuid NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"during" "tstzrange" NOT NULL,
	"status" text NOT NULL,
	"status_reason" text,
	"cause" text NOT NULL,
	"appointment_id" uuid,
	"patient_id" uuid,
	"depth" smallint NOT NULL,
	"reopens_id" uuid,
	"offer_until" timestamp (3) with time zone NOT NULL,
	"wave" integer NOT NULL,
	"is_released" boolean NOT NULL,
	"winner_offer_id" uuid,
	"revision" integer NOT NULL,
	"seen_revision" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "openings_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "openings_status_known" CHECK (status in ('offering', 'filled', 'withdrawn', 'unfilled')),
	CONSTRAINT "openings_cause_known" CHECK (cause in ('cancelled', 'moved', 'expired', 'manual')),
	CONSTRAINT "openings_closed_at" CHECK (("openings"."closed_at" is null) = ("openings"."status" = 'offering')),
	CONSTRAINT "openings_winner" CHECK (("openings"."winner_offer_id" is null) = ("openings"."status" <> 'filled'))
);
--> statement-breakpoint
CREATE TABLE "waiting_list" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"patient_id" uuid NOT NULL,
	"visit_type_id" uuid NOT NULL,
	"provider_ids" uuid[],
	"earliest_on" date,
	"latest_on" date,
	"weekdays" smallint[],
	"between_from" text,
	"between_to" text,
	"instead_of" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_as" text,
	CONSTRAINT "waiting_list_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "waiting_list_between_both" CHECK (("waiting_list"."between_from" is null) = ("waiting_list"."between_to" is null)),
	CONSTRAINT "waiting_list_ended_as" CHECK (("waiting_list"."ended_at" is null) = ("waiting_list"."ended_as" is null))
);
--> statement-breakpoint
CREATE TABLE "proposal_times" (
	"clinic_id" uuid NOT NULL,
	"proposal_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"code" text NOT NULL,
	"provider_id" uuid NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "proposal_times_clinic_id_proposal_id_position_pk" PRIMARY KEY("clinic_id","proposal_id","position")
);
--> statement-breakpoint
CREATE TABLE "proposals" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"request_id" uuid NOT NULL,
	"patient_id" uuid NOT NULL,
	"visit_type_id" uuid NOT NULL,
	"appointment_id" uuid,
	"status" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"send_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"answered_at" timestamp (3) with time zone,
	"taken_appointment_id" uuid,
	CONSTRAINT "proposals_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "proposals_status_known" CHECK (status in ('waiting', 'answered', 'expired'))
);
--> statement-breakpoint
CREATE TABLE "questions" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"sender" text NOT NULL,
	"phone" text NOT NULL,
	"kind" text NOT NULL,
	"patient_id" uuid NOT NULL,
	"appointment_id" uuid,
	"version" integer,
	"offer_id" uuid,
	"proposal_id" uuid,
	"codes" jsonb NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"answered_at" timestamp (3) with time zone,
	"answered_as" text,
	"clarified_at" timestamp (3) with time zone,
	CONSTRAINT "questions_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "questions_kind_known" CHECK (kind in ('confirm', 'attend', 'offer', 'proposal', 'cancel'))
);
--> statement-breakpoint
CREATE TABLE "free_texts" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"request_id" uuid NOT NULL,
	"patient_id" uuid,
	"channel" text NOT NULL,
	"address" text,
	"body" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "free_texts_clinic_id_id_pk" PRIMARY KEY("clinic_id","id"),
	CONSTRAINT "free_texts_channel_known" CHECK (channel in ('sms', 'email'))
);
--> statement-breakpoint
ALTER TABLE "notifications" DROP CONSTRAINT "notifications_kind_known";--> statement-breakpoint
ALTER TABLE "notifications" DROP CONSTRAINT "notifications_status_known";--> statement-breakpoint
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_kind_known";--> statement-breakpoint
ALTER TABLE "messages" ALTER COLUMN "patient_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "notifications" ALTER COLUMN "patient_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "patients" ADD COLUMN "is_in_care" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "notifications" ADD COLUMN "content" jsonb;--> statement-breakpoint
ALTER TABLE "notifications" ADD COLUMN "useful_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "notifications" ADD COLUMN "address" text;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "is_carriers_word" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "outcomes" jsonb;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_clinic_id_patient_id_patients_clinic_id_id_fk" FOREIGN KEY ("clinic_id","patient_id") REFERENCES "public"."patients"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_clinic_id_opening_id_openings_clinic_id_id_fk" FOREIGN KEY ("clinic_id","opening_id") REFERENCES "public"."openings"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_clinic_id_patient_id_patients_clinic_id_id_fk" FOREIGN KEY ("clinic_id","patient_id") REFERENCES "public"."patients"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_clinic_id_waiting_list_entry_id_waiting_list_clinic_id_id_fk" FOREIGN KEY ("clinic_id","waiting_list_entry_id") REFERENCES "public"."waiting_list"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_clinic_id_appointment_id_appointments_clinic_id_id_fk" FOREIGN KEY ("clinic_id","appointment_id") REFERENCES "public"."appointments"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_clinic_id_won_appointment_id_appointments_clinic_id_id_fk" FOREIGN KEY ("clinic_id","won_appointment_id") REFERENCES "public"."appointments"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "openings" ADD CONSTRAINT "openings_clinic_id_provider_id_providers_clinic_id_id_fk" FOREIGN KEY ("clinic_id","provider_id") REFERENCES "public"."providers"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "openings" ADD CONSTRAINT "openings_clinic_id_visit_type_id_visit_types_clinic_id_id_fk" FOREIGN KEY ("clinic_id","visit_type_id") REFERENCES "public"."visit_types"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "openings" ADD CONSTRAINT "openings_clinic_id_patient_id_patients_clinic_id_id_fk" FOREIGN KEY ("clinic_id","patient_id") REFERENCES "public"."patients"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "openings" ADD CONSTRAINT "openings_clinic_id_appointment_id_appointments_clinic_id_id_fk" FOREIGN KEY ("clinic_id","appointment_id") REFERENCES "public"."appointments"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "waiting_list" ADD CONSTRAINT "waiting_list_clinic_id_patient_id_patients_clinic_id_id_fk" FOREIGN KEY ("clinic_id","patient_id") REFERENCES "public"."patients"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "waiting_list" ADD CONSTRAINT "waiting_list_clinic_id_visit_type_id_visit_types_clinic_id_id_fk" FOREIGN KEY ("clinic_id","visit_type_id") REFERENCES "public"."visit_types"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "waiting_list" ADD CONSTRAINT "waiting_list_clinic_id_instead_of_appointments_clinic_id_id_fk" FOREIGN KEY ("clinic_id","instead_of") REFERENCES "public"."appointments"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_times" ADD CONSTRAINT "proposal_times_clinic_id_proposal_id_proposals_clinic_id_id_fk" FOREIGN KEY ("clinic_id","proposal_id") REFERENCES "public"."proposals"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_times" ADD CONSTRAINT "proposal_times_clinic_id_provider_id_providers_clinic_id_id_fk" FOREIGN KEY ("clinic_id","provider_id") REFERENCES "public"."providers"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_clinic_id_patient_id_patients_clinic_id_id_fk" FOREIGN KEY ("clinic_id","patient_id") REFERENCES "public"."patients"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_clinic_id_visit_type_id_visit_types_clinic_id_id_fk" FOREIGN KEY ("clinic_id","visit_type_id") REFERENCES "public"."visit_types"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_clinic_id_appointment_id_appointments_clinic_id_id_fk" FOREIGN KEY ("clinic_id","appointment_id") REFERENCES "public"."appointments"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_clinic_id_patient_id_patients_clinic_id_id_fk" FOREIGN KEY ("clinic_id","patient_id") REFERENCES "public"."patients"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_clinic_id_appointment_id_appointments_clinic_id_id_fk" FOREIGN KEY ("clinic_id","appointment_id") REFERENCES "public"."appointments"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_clinic_id_offer_id_offers_clinic_id_id_fk" FOREIGN KEY ("clinic_id","offer_id") REFERENCES "public"."offers"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_clinic_id_proposal_id_proposals_clinic_id_id_fk" FOREIGN KEY ("clinic_id","proposal_id") REFERENCES "public"."proposals"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "free_texts" ADD CONSTRAINT "free_texts_clinic_id_clinics_clinic_id_fk" FOREIGN KEY ("clinic_id") REFERENCES "public"."clinics"("clinic_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "free_texts" ADD CONSTRAINT "free_texts_clinic_id_patient_id_patients_clinic_id_id_fk" FOREIGN KEY ("clinic_id","patient_id") REFERENCES "public"."patients"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "consents_clinic_id_patient_id_category_channel_id_index" ON "consents" USING btree ("clinic_id","patient_id","category","channel","id");--> statement-breakpoint
CREATE INDEX "offers_clinic_id_patient_id_created_at_index" ON "offers" USING btree ("clinic_id","patient_id","created_at");--> statement-breakpoint
CREATE INDEX "offers_clinic_id_won_appointment_id_index" ON "offers" USING btree ("clinic_id","won_appointment_id");--> statement-breakpoint
CREATE INDEX "openings_clinic_id_status_starts_at_index" ON "openings" USING btree ("clinic_id","status","starts_at");--> statement-breakpoint
CREATE INDEX "openings_clinic_id_appointment_id_index" ON "openings" USING btree ("clinic_id","appointment_id");--> statement-breakpoint
CREATE INDEX "openings_unseen" ON "openings" USING btree ("created_at") WHERE seen_revision < revision;--> statement-breakpoint
CREATE INDEX "waiting_list_open" ON "waiting_list" USING btree ("clinic_id","visit_type_id","created_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "waiting_list_clinic_id_patient_id_index" ON "waiting_list" USING btree ("clinic_id","patient_id");--> statement-breakpoint
CREATE INDEX "proposals_clinic_id_patient_id_created_at_index" ON "proposals" USING btree ("clinic_id","patient_id","created_at");--> statement-breakpoint
CREATE INDEX "questions_clinic_id_sender_phone_asked_at_index" ON "questions" USING btree ("clinic_id","sender","phone","asked_at");--> statement-breakpoint
CREATE INDEX "questions_clinic_id_appointment_id_index" ON "questions" USING btree ("clinic_id","appointment_id");--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_kind_known" CHECK (kind in ('booked', 'confirmed', 'moved', 'cancelled', 'expired', 'ask', 'nudge', 'reminder', 'offerWon', 'offer', 'offerGone', 'reply', 'proposal', 'freeText'));--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_status_known" CHECK (status in ('planned', 'sending', 'handedOver', 'missed', 'suppressed'));--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_kind_known" CHECK (kind in ('inboundText', 'undeliverable', 'missedMessage', 'optOutWithVisit', 'unknownOutcome', 'closedDay', 'heldBack', 'lateCancel', 'lateAnswer', 'openingUnfilled'));
--> statement-breakpoint
SELECT protect_clinic_rows(name::regclass)
FROM unnest(ARRAY['consents', 'waiting_list', 'openings', 'offers', 'proposals', 'proposal_times', 'questions', 'free_texts']) AS name;
--> statement-breakpoint
GRANT SELECT, INSERT ON consents, waiting_list, openings, offers, proposals, proposal_times, questions, free_texts TO vuoro_app;
--> statement-breakpoint
-- Not among them: consents, free_texts, proposal_times. What was agreed, written and proposed is never rewritten.
GRANT UPDATE ON waiting_list, openings, offers, proposals, questions TO vuoro_app;
--> statement-breakpoint
CREATE FUNCTION find_unseen_openings(at_most integer) RETURNS TABLE (clinic_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT o.clinic_id, o.id FROM openings o
  WHERE o.seen_revision < o.revision
  ORDER BY o.created_at LIMIT at_most
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION find_unseen_openings FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION find_unseen_openings TO vuoro_app;
