-- Periods of divided tables are made and dropped by the jobs of a service, with the rights of the tables' owner. The
-- first period that a table lacks begins where the last one ends; a row of no period stands in the rest.

CREATE OR REPLACE FUNCTION id_of_moment(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

CREATE OR REPLACE FUNCTION moment_of_id(id text) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_timestamp(('x' || left(replace(id, '-', ''), 12))::bit(48)::bigint / 1000.0)
$$;

-- The periods of a table, by the moments at which the ids of their rows were made.
CREATE OR REPLACE FUNCTION periods_of(divided text) RETURNS TABLE (part regclass, since timestamptz, until timestamptz)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT part.oid::regclass, moment_of_id(bound[1]), moment_of_id(bound[2]) FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid
    CROSS JOIN LATERAL regexp_match(pg_get_expr(relpartbound, part.oid), 'FROM \(''(.{36})''\) TO \(''(.{36})''\)') AS bound
    WHERE inhparent = to_regclass(divided) AND bound IS NOT NULL ORDER BY 2
$$;

-- Make periods of `unit` (week, month) from the end of the last one, or from the moment that the check of the rest names,
-- until `needed` is covered; gives the end of the last one.
CREATE OR REPLACE FUNCTION make_periods(divided text, unit text, needed timestamptz)
RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
    since timestamptz;
    until timestamptz := coalesce(
        (SELECT max(period.until) FROM periods_of(divided) AS period),
        (SELECT moment_of_id(substring(pg_get_constraintdef(oid) from '< ''(.{36})''')) FROM pg_constraint
            WHERE conrelid = to_regclass(divided || '_rest') AND conname = 'ck_' || divided || '_rest')
    );
    part text;
    each record;
BEGIN
    IF until IS NULL OR NOT EXISTS (SELECT FROM pg_partitioned_table WHERE partrelid = to_regclass(divided)) THEN
        RAISE EXCEPTION '% is not divided', divided;
    END IF;
    WHILE until < needed LOOP
        since := until;
        until := (date_trunc(unit, since AT TIME ZONE 'UTC') + ('1 ' || unit)::interval) AT TIME ZONE 'UTC';
        part := divided || to_char(since AT TIME ZONE 'UTC', '_YYYYMMDD');
        BEGIN
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                part, divided, id_of_moment(since), id_of_moment(until)
            );
            -- Errors name the index of the period: the name of the table's own stands in it.
            FOR each IN
                SELECT child.relname AS own, parent.relname AS of_all FROM pg_index
                JOIN pg_class AS child ON child.oid = indexrelid JOIN pg_inherits ON inhrelid = indexrelid
                JOIN pg_class AS parent ON parent.oid = inhparent WHERE indrelid = to_regclass(part)
            LOOP
                EXECUTE format('ALTER INDEX %I RENAME TO %I', each.own, each.of_all || right(part, 9));
            END LOOP;
        EXCEPTION WHEN check_violation THEN
            -- No job ran for long, and rows of this period stand in the rest: they stay there.
            RAISE WARNING '%: rows of this period stand in the rest', part;
        END;
    END LOOP;
    RETURN until;
END
$$;

-- Drop the periods that ended before `before`, of a table from which the caller may delete; gives their number.
CREATE OR REPLACE FUNCTION drop_periods(divided text, before timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
    dropped integer := 0;
    each record;
BEGIN
    IF NOT has_table_privilege(session_user, divided, 'DELETE') THEN
        RAISE EXCEPTION '% may not delete from %', session_user, divided USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOR each IN SELECT part FROM periods_of(divided) WHERE until <= before LOOP
        -- From now on the rest may have rows of periods that are gone: it is nearly empty, and is looked at as a whole.
        EXECUTE format('ALTER TABLE %I DROP CONSTRAINT IF EXISTS %I', divided || '_rest', 'ck_' || divided || '_rest');
        EXECUTE format('DROP TABLE %s', each.part);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END
$$;

REVOKE ALL ON FUNCTION make_periods(text, text, timestamptz), drop_periods(text, timestamptz) FROM PUBLIC;
