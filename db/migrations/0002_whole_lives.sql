CREATE TABLE "rule_changes" (
	"clinic_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"patient_id" uuid,
	"made_at" timestamp (3) with time zone NOT NULL,
	"told_at" timestamp (3) with time zone,
	CONSTRAINT "rule_changes_clinic_id_id_pk" PRIMARY KEY("clinic_id","id")
);
--> statement-breakpoint
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_kind_known";--> statement-breakpoint
ALTER TABLE "appointments" ADD COLUMN "settled_at" timestamp (3) with time zone DEFAULT 'epoch' NOT NULL;--> statement-breakpoint
UPDATE "appointments" SET "settled_at" = "updated_at";--> statement-breakpoint
ALTER TABLE "appointments" ADD COLUMN "is_reminded" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "occupancies" ADD COLUMN "holder" text;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD COLUMN "joined_id" uuid;--> statement-breakpoint
ALTER TABLE "requests" ADD COLUMN "holder" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "subject" text;--> statement-breakpoint
ALTER TABLE "rule_changes" ADD CONSTRAINT "rule_changes_clinic_id_clinics_clinic_id_fk" FOREIGN KEY ("clinic_id") REFERENCES "public"."clinics"("clinic_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rule_changes" ADD CONSTRAINT "rule_changes_clinic_id_patient_id_patients_clinic_id_id_fk" FOREIGN KEY ("clinic_id","patient_id") REFERENCES "public"."patients"("clinic_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "occupancies_holder_index" ON "occupancies" USING btree ("clinic_id","holder") WHERE "occupancies"."holder" is not null;--> statement-breakpoint
CREATE INDEX "messages_clinic_id_created_at_recipient_index" ON "messages" USING btree ("clinic_id","created_at","recipient");--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_kind_known" CHECK (kind in ('inboundText', 'undeliverable', 'missedMessage', 'optOutWithVisit', 'unknownOutcome', 'closedDay', 'heldBack'));
--> statement-breakpoint
SELECT protect_clinic_rows('rule_changes');
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON rule_changes TO vuoro_app;
--> statement-breakpoint
CREATE FUNCTION find_untold_rule_changes(at_most integer) RETURNS TABLE (clinic_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.clinic_id, r.id FROM rule_changes r WHERE r.told_at IS NULL ORDER BY r.made_at LIMIT at_most
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION find_untold_rule_changes FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION find_untold_rule_changes TO vuoro_app;
