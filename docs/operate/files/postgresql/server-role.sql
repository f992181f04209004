-- Makes the role that serves, or gives it this password; `ampera database server-role ampera_server` then gives it its
-- rights. Run by psql 15 or newer as the owner of the database, with the password in SERVER_PASSWORD of the environment.
\set ON_ERROR_STOP on
\getenv password SERVER_PASSWORD
SELECT 'CREATE ROLE ampera_server LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE'
 WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ampera_server') \gexec
ALTER ROLE ampera_server PASSWORD :'password';
