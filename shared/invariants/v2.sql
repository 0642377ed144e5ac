-- When all records were looked at last.
ALTER TABLE invariant_results ADD COLUMN full_at timestamptz;
