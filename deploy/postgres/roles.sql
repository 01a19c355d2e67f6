-- Roles and databases, once, on an empty server: by the image's start in docker-compose.yml, elsewhere by `psql` as an
-- administrator with the three passwords in the environment.
\getenv migration_password MIGRATION_PASSWORD
\getenv app_password APP_PASSWORD
\getenv temporal_password TEMPORAL_PASSWORD

-- Rights on tables are granted to this role by the migrations; row-level security binds whoever is a member.
CREATE ROLE vuoro_app NOLOGIN;
-- API and worker.
CREATE ROLE vuoro_login LOGIN PASSWORD :'app_password' IN ROLE vuoro_app;
-- Migrations and the admin commands: owns the tables, and is no superuser.
CREATE ROLE vuoro_migrator LOGIN PASSWORD :'migration_password';
CREATE DATABASE vuoro OWNER vuoro_migrator;
REVOKE CONNECT, TEMPORARY ON DATABASE vuoro FROM PUBLIC;
GRANT CONNECT ON DATABASE vuoro TO vuoro_app;

-- The Temporal server's own, which ours never open.
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE CONNECT, TEMPORARY ON DATABASE temporal, temporal_visibility FROM PUBLIC;
