-- The ledger of duties in partitions by year: docs/scale.md says when. Run by the owner of the tables while web, worker
-- and beat are stopped:
--
--     psql --single-transaction --set ON_ERROR_STOP=1 --file docker/partition_duties.sql
--
-- All or nothing. Columns, checks, indices and triggers stay as they are, whatever a later version has made of them. The
-- keys of other tables that name a duty go: a partitioned table has no unique id without its year. The program computes
-- the ids from what the duty is about, so none comes twice.

DO $$
DECLARE
    found record;
BEGIN
    IF (SELECT relkind FROM pg_class WHERE oid = 'deadlines_duty'::regclass) = 'p' THEN
        RAISE EXCEPTION 'deadlines_duty is partitioned already';
    END IF;
    FOR found IN SELECT conrelid::regclass AS holder, conname FROM pg_constraint
                 WHERE contype = 'f' AND confrelid = 'deadlines_duty'::regclass LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.holder, found.conname);
    END LOOP;
END $$;

ALTER TABLE deadlines_duty RENAME TO deadlines_duty_whole;
CREATE TABLE deadlines_duty (LIKE deadlines_duty_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)
    PARTITION BY LIST (year);

DO $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT year FROM deadlines_duty_whole GROUP BY year ORDER BY year LOOP
        EXECUTE format('CREATE TABLE deadlines_duty_%s PARTITION OF deadlines_duty FOR VALUES IN (%s)', found.year, found.year);
    END LOOP;
END $$;
-- Years to come go here until they get a partition of their own.
CREATE TABLE deadlines_duty_other PARTITION OF deadlines_duty DEFAULT;
INSERT INTO deadlines_duty SELECT * FROM deadlines_duty_whole;

DO $$
DECLARE
    found record;
    keeps text := 'autovacuum_vacuum_scale_factor = 0.02';
BEGIN
    IF (SELECT count(*) FROM deadlines_duty) <> (SELECT count(*) FROM deadlines_duty_whole) THEN
        RAISE EXCEPTION 'rows were lost';
    END IF;
    ALTER TABLE deadlines_duty ADD CONSTRAINT deadlines_duty_of_year PRIMARY KEY (id, year);
    FOR found IN SELECT indexname, indexdef FROM pg_indexes
                 WHERE tablename = 'deadlines_duty_whole' AND indexdef NOT LIKE 'CREATE UNIQUE%' LOOP
        EXECUTE format('ALTER INDEX %I RENAME TO %I', found.indexname, found.indexname || '_whole');
        EXECUTE replace(found.indexdef, 'deadlines_duty_whole', 'deadlines_duty');
    END LOOP;
    FOR found IN SELECT pg_get_constraintdef(oid) AS said, conname FROM pg_constraint
                 WHERE contype = 'f' AND conrelid = 'deadlines_duty_whole'::regclass LOOP
        EXECUTE format('ALTER TABLE deadlines_duty ADD CONSTRAINT %I %s', found.conname || '_p', found.said);
    END LOOP;
    FOR found IN SELECT pg_get_triggerdef(oid) AS said FROM pg_trigger
                 WHERE tgrelid = 'deadlines_duty_whole'::regclass AND NOT tgisinternal LOOP
        EXECUTE replace(found.said, 'deadlines_duty_whole', 'deadlines_duty');
    END LOOP;
    -- A partitioned table takes no such settings itself.
    FOR found IN SELECT inhrelid::regclass AS part FROM pg_inherits WHERE inhparent = 'deadlines_duty'::regclass LOOP
        EXECUTE format('ALTER TABLE %s SET (%s)', found.part, keeps);
    END LOOP;
END $$;
DROP TABLE deadlines_duty_whole;
ANALYZE deadlines_duty;
