ALTER TABLE "questions" ADD COLUMN "known_since" timestamp (3) with time zone DEFAULT 'epoch';--> statement-breakpoint
UPDATE "questions" SET "known_since" = "asked_at";
