-- Functions under row-level security. Applied by access.walls after every migration.
CREATE OR REPLACE FUNCTION takeroot_centres() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('app.centres', true), ''), '{}')::uuid[] $$;

CREATE OR REPLACE FUNCTION takeroot_party() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.party', true), '')::uuid $$;

-- Whose rows are open to this party: its own, and those that a live grant opens. An array, asked
-- once for a statement: as a set, the planner takes it for half of every table and reads it whole.
CREATE OR REPLACE FUNCTION takeroot_open_files() RETURNS uuid[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(SELECT subject_id FROM access_grant
   WHERE holder_id = takeroot_party() AND revoked_at IS NULL
     AND starts_at <= now() AND ends_at > now()
   UNION ALL SELECT takeroot_party() WHERE takeroot_party() IS NOT NULL) $$;

-- One trace for every write: only the columns that changed are kept.
CREATE OR REPLACE FUNCTION takeroot_trace() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  old_row jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END;
  new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) END;
  was jsonb; is_now jsonb;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, new_row -> o.key)
      INTO was, is_now
      FROM jsonb_each(old_row) o WHERE new_row -> o.key IS DISTINCT FROM o.value;
    IF was IS NULL THEN RETURN NULL; END IF;
  ELSE
    was := old_row; is_now := new_row;
  END IF;
  INSERT INTO access_change
    (centre_id, at, actor_id, role, purpose, table_name, row_id, operation, before, after)
  VALUES (
    coalesce(new_row ->> 'centre_id', old_row ->> 'centre_id',
             CASE WHEN TG_TABLE_NAME = 'accounts_centre'
                  THEN coalesce(new_row ->> 'id', old_row ->> 'id') END)::uuid,
    now(), takeroot_party(),
    coalesce(current_setting('app.role', true), ''),
    coalesce(current_setting('app.purpose', true), ''),
    TG_TABLE_NAME, coalesce(new_row ->> 'id', old_row ->> 'id')::uuid, TG_OP, was, is_now);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION takeroot_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Forgetting a person empties what the trace kept of them; the rows themselves stay.
  IF TG_OP = 'UPDATE' AND current_setting('app.scrub', true) = 'on' THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

-- Runs as the owner: the plain role has no right to change the trace by itself.
CREATE OR REPLACE FUNCTION takeroot_scrub(ids uuid[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM set_config('app.scrub', 'on', true);
  UPDATE access_change SET before = NULL, after = NULL WHERE row_id = ANY (ids);
  PERFORM set_config('app.scrub', '', true);
END $$;
