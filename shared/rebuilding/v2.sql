-- Which records of a snapshot have come. It takes the place of the inbox for them: each takes effect once.
CREATE TABLE rebuild_seen (
    rebuild_id uuid,
    subject uuid,
    PRIMARY KEY (rebuild_id, subject)
);
GRANT SELECT, INSERT, DELETE ON rebuild_seen TO {role};

-- Rows are compared as they come, and those alone are kept that differ. Of which projection; and what became of one on
-- which a live event came before the switch: it was put right first, or it was left as it is.
ALTER TABLE rebuild_rows ADD COLUMN projection text;
ALTER TABLE rebuild_rows ADD COLUMN settled text;
ALTER TABLE rebuilds ADD COLUMN overtaken bigint NOT NULL DEFAULT 0;
