-- An operator's order to replay or drop dead letters. What was ordered, by whom and why never changes.
CREATE TABLE letter_orders (
    id uuid PRIMARY KEY,
    action text NOT NULL CONSTRAINT ck_letter_orders_action CHECK (action IN ('replay', 'drop')),
    scope text NOT NULL CONSTRAINT ck_letter_orders_scope CHECK (scope IN ('letter', 'group', 'all')),
    letter_id uuid,
    error_type text,
    error text,
    event_type text,
    reason text NOT NULL CONSTRAINT ck_letter_orders_reason CHECK (btrim(reason) <> ''),
    until_position bigint NOT NULL,
    total integer NOT NULL CONSTRAINT ck_letter_orders_total CHECK (total > 0),
    ordered_by uuid NOT NULL,
    ordered_person text,
    ordered_at timestamptz NOT NULL,
    status text NOT NULL
        CONSTRAINT ck_letter_orders_status CHECK (status IN ('proposed', 'running', 'done', 'withdrawn')),
    reached bigint NOT NULL DEFAULT 0,
    resolved integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    approved_by uuid,
    approved_person text,
    approved_at timestamptz,
    finished_at timestamptz,
    CONSTRAINT ck_letter_orders_letter CHECK ((scope = 'letter') = (letter_id IS NOT NULL)),
    CONSTRAINT ck_letter_orders_group CHECK (scope = 'group' OR (error_type IS NULL AND error IS NULL)),
    CONSTRAINT ck_letter_orders_finished CHECK ((status IN ('done', 'withdrawn')) = (finished_at IS NOT NULL)),
    CONSTRAINT ck_letter_orders_four_eyes CHECK (
        action <> 'drop' OR scope <> 'all' OR status IN ('proposed', 'withdrawn') OR approved_by IS NOT NULL
    ),
    CONSTRAINT ck_letter_orders_another CHECK (approved_by <> ordered_by AND approved_person <> ordered_person)
);
CREATE INDEX ix_letter_orders_ordered_at ON letter_orders (ordered_at);

GRANT SELECT, INSERT ON letter_orders TO {role};
GRANT UPDATE (status, reached, resolved, failed, approved_by, approved_person, approved_at, finished_at)
    ON letter_orders TO {role};
