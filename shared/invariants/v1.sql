CREATE TABLE invariant_results (
    name text PRIMARY KEY,
    state text NOT NULL CONSTRAINT ck_invariant_results_state CHECK (state IN ('holds', 'violated', 'unknown')),
    since timestamptz NOT NULL,
    checked_at timestamptz NOT NULL,
    milliseconds integer NOT NULL,
    violations bigint NOT NULL,
    ids jsonb NOT NULL,
    error text,
    CONSTRAINT ck_invariant_results_violated CHECK ((state = 'violated') = (violations > 0)),
    CONSTRAINT ck_invariant_results_unknown CHECK ((state = 'unknown') = (error IS NOT NULL))
);
GRANT SELECT, INSERT, UPDATE, DELETE ON invariant_results TO {role};
