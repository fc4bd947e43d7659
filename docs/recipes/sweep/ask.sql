-- duckdb -f ask.sql, in the directory in which rows/ has the files of all shards.
--
-- Of each column, all rows are looked at: a number may be whole in one shard, and have a fraction in another.
CREATE TABLE runs AS
SELECT * FROM read_csv('rows/*.csv', union_by_name = true, sample_size = -1);

-- Is each run there, and each once? `missing` and `twice` are 0.
SELECT plan, count(*) AS rows, max(run) + 1 - count(DISTINCT run) AS missing, count(*) - count(DISTINCT run) AS twice
FROM runs
GROUP BY plan;

-- One file, with types, for whatever reads Parquet.
COPY (SELECT * FROM runs ORDER BY plan, run) TO 'runs.parquet' (FORMAT parquet);

-- What each style comes to, and how much of it never stopped a writer.
SELECT
  compaction_style,
  count(*) AS runs,
  count(*) FILTER (stopped_seconds = 0) AS never_stopped,
  round(min(write_amp), 2) AS least_write_amp,
  round(median(write_amp), 2) AS median_write_amp,
  round(median(read_amp), 2) AS median_read_amp,
  round(median(space_amp_live), 2) AS median_space_amp
FROM runs
WHERE outcome = 'done'
GROUP BY ALL
ORDER BY median_write_amp;

-- The Pareto front: no other run of the plan is better in one and not worse in the others.
CREATE VIEW front AS
SELECT a.*
FROM runs AS a
WHERE a.outcome = 'done' AND NOT EXISTS (
  FROM runs AS b
  WHERE b.plan = a.plan AND b.outcome = 'done'
    AND b.write_amp <= a.write_amp AND b.read_amp <= a.read_amp AND b.space_amp <= a.space_amp
    AND (b.write_amp < a.write_amp OR b.read_amp < a.read_amp OR b.space_amp < a.space_amp)
);

SELECT run, write_amp, read_amp, space_amp, stopped_seconds, peak_bytes FROM front ORDER BY write_amp, read_amp;

-- The least write amplification of those that never stopped a writer, and fit on a disk of 100 GB.
SELECT * FROM runs
WHERE outcome = 'done' AND stopped_seconds = 0 AND peak_bytes < 100e9
ORDER BY write_amp
LIMIT 5;
