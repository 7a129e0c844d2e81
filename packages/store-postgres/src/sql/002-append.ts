import { EVENT_PARAMETERS } from '../event-columns.ts';
import type { SqlNames } from '../sql-names.ts';

const parameters = EVENT_PARAMETERS.map(([name, type]) => `p_${name} ${type}[]`).join(', ');
const arrays = EVENT_PARAMETERS.map(([name]) => `p_${name}`).join(', ');
const columns = EVENT_PARAMETERS.map(([name]) => name).join(', ');
/** As they come out of the arrays: of what is an array or JSON itself, the text. */
const values = EVENT_PARAMETERS.map(([name]) => {
  if (name === 'tags') return 'e.tags::text[]';
  return name === 'metadata' ? 'e.metadata::json' : `e.${name}`;
}).join(', ');

const firstValues = EVENT_PARAMETERS.map(([name]) => {
  if (name === 'tags') return 'p_tags[1]::text[]';
  return name === 'metadata' ? 'p_metadata[1]::json' : `p_${name}[1]`;
}).join(', ');

/**
 * The functions that append. What they read after they got a lock they read in a new snapshot, since they are volatile and the transaction is
 * READ COMMITTED: it shows what the lock's former holder committed.
 */
export function createAppend({ schema, locks }: SqlNames): string {
  return `
CREATE FUNCTION ${schema}.assert_read_committed() RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION 'events can''t be appended at the isolation level %: they would be checked against an old snapshot', current_setting('transaction_isolation')
      USING ERRCODE = 'invalid_transaction_state', HINT = 'Append at READ COMMITTED.';
  END IF;
END $body$;

-- One statement for a batch of appends, each to another stream. Every append gets a verdict of its own:
-- 1 appended, 2 refused (its expectation was not met, or an id is taken), 3 held (an open transaction holds its stream).
CREATE FUNCTION ${schema}.append_events(
  p_aggregate_types text[], p_aggregate_ids text[], p_expected bigint[], p_lock_timeout_ms integer,
  p_append integer[], p_offset integer[], ${parameters}, p_data json,
  OUT o_verdicts integer[], OUT o_versions integer[], OUT o_last bigint, OUT o_is_heard boolean, OUT o_waited double precision
) LANGUAGE plpgsql AS $body$
#variable_conflict use_column
DECLARE
  v_now timestamptz;
  v_version integer;
  v_count integer;
  v_constraint text;
  v_taken integer[];
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN PERFORM ${schema}.assert_read_committed(); END IF;
  IF NOT pg_try_advisory_xact_lock(${locks.log}) THEN
    v_now := clock_timestamp();
    PERFORM set_config('lock_timeout', p_lock_timeout_ms::text, true);
    PERFORM pg_advisory_xact_lock(${locks.log});
    o_waited := extract(epoch FROM clock_timestamp() - v_now);
  END IF;
  -- From here on nothing may wait for a transaction that is not ours: whoever holds the log makes all others wait.
  FOR i IN 1 .. cardinality(p_aggregate_types) LOOP
    o_verdicts[i] := 3;
    o_versions[i] := 0;
    CONTINUE WHEN NOT pg_try_advisory_xact_lock(${locks.stream('p_aggregate_types[i]', 'p_aggregate_ids[i]')});
    SELECT version INTO v_version FROM ${schema}.events
    WHERE aggregate_id = p_aggregate_ids[i] AND aggregate_type = p_aggregate_types[i] ORDER BY version DESC LIMIT 1;
    IF FOUND THEN o_versions[i] := v_version; END IF;
    o_verdicts[i] := CASE
      WHEN p_expected[i] = -1 OR p_expected[i] = o_versions[i] OR (p_expected[i] = -2 AND o_versions[i] > 0) THEN 1
      ELSE 2
    END;
  END LOOP;
  v_now := clock_timestamp();
  WHILE 1 = ANY (o_verdicts) LOOP
    BEGIN
      -- One event alone, the most frequent append, is spared the price of taking arrays apart.
      IF cardinality(p_id) = 1 THEN
        INSERT INTO ${schema}.events (position, recorded_at, aggregate_type, aggregate_id, version, ${columns}, data)
        VALUES (nextval('${schema}.positions'), v_now, p_aggregate_types[1], p_aggregate_ids[1], o_versions[1] + 1, ${firstValues}, p_data -> 0);
      ELSE
        INSERT INTO ${schema}.events (position, recorded_at, aggregate_type, aggregate_id, version, ${columns}, data)
        SELECT nextval('${schema}.positions'), v_now, p_aggregate_types[e.append], p_aggregate_ids[e.append],
          o_versions[e.append] + e.offset_, ${values}, e.data
        FROM ROWS FROM (unnest(p_append, p_offset, ${arrays}), json_array_elements(p_data))
          AS e (append, offset_, ${columns}, data)
        WHERE o_verdicts[e.append] = 1;
      END IF;
      GET DIAGNOSTICS v_count = ROW_COUNT;
      o_last := currval('${schema}.positions');
      IF p_tags IS NOT NULL THEN
        INSERT INTO ${schema}.event_tags (tag, position)
        SELECT tag, position FROM ${schema}.events, unnest(tags) AS tag WHERE position > o_last - v_count AND position <= o_last;
      END IF;
      EXIT;
    EXCEPTION WHEN unique_violation THEN
      GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME;
      SELECT array_agg(DISTINCT k.append) INTO v_taken
      FROM unnest(p_id, p_append) AS k (id, append) JOIN ${schema}.events AS event ON event.id = k.id
      WHERE o_verdicts[k.append] = 1;
      IF v_constraint <> 'events_id' OR v_taken IS NULL THEN RAISE; END IF;
      FOREACH v_version IN ARRAY v_taken LOOP o_verdicts[v_version] := 2; END LOOP;
    END;
  END LOOP;
  -- Those who listen share this lock; alone with it, nobody does.
  o_is_heard := NOT pg_try_advisory_xact_lock(${locks.listeners});
END $body$;

-- Appends in the caller's own transaction: one append, whose events get their positions when that commits.
CREATE FUNCTION ${schema}.append_pending_events(
  p_aggregate_type text, p_aggregate_id text, p_expected bigint, p_lock_timeout_ms integer,
  p_offset integer[], ${parameters}, p_data json,
  OUT o_verdict integer, OUT o_version integer, OUT o_waited double precision
) LANGUAGE plpgsql AS $body$
#variable_conflict use_column
DECLARE
  v_now timestamptz := clock_timestamp();
  v_ordinal bigint;
  v_lock_timeout text := current_setting('lock_timeout');
BEGIN
  PERFORM ${schema}.assert_read_committed();
  IF NOT pg_try_advisory_xact_lock(${locks.stream('p_aggregate_type', 'p_aggregate_id')}) THEN
    -- Caught, so that waiting in vain does not end the caller's transaction.
    BEGIN
      PERFORM set_config('lock_timeout', p_lock_timeout_ms::text, true);
      PERFORM pg_advisory_xact_lock(${locks.stream('p_aggregate_type', 'p_aggregate_id')});
      PERFORM set_config('lock_timeout', v_lock_timeout, true);
    EXCEPTION WHEN lock_not_available THEN
      o_verdict := 3;
    END;
    o_waited := extract(epoch FROM clock_timestamp() - v_now);
    IF o_verdict = 3 THEN RETURN; END IF;
    v_now := clock_timestamp();
  END IF;
  SELECT coalesce(greatest(
    (SELECT max(version) FROM ${schema}.events WHERE aggregate_id = p_aggregate_id AND aggregate_type = p_aggregate_type),
    (SELECT max(version) FROM ${schema}.pending_events
     WHERE transaction_id = pg_current_xact_id() AND aggregate_id = p_aggregate_id AND aggregate_type = p_aggregate_type)
  ), 0) INTO o_version;
  o_verdict := 2;
  IF NOT (p_expected = -1 OR p_expected = o_version OR (p_expected = -2 AND o_version > 0)) THEN RETURN; END IF;
  IF EXISTS (SELECT 1 FROM ${schema}.events WHERE id = ANY (p_id))
    OR EXISTS (SELECT 1 FROM ${schema}.pending_events WHERE transaction_id = pg_current_xact_id() AND id = ANY (p_id)) THEN RETURN; END IF;
  SELECT coalesce(max(ordinal), 0) INTO v_ordinal FROM ${schema}.pending_events WHERE transaction_id = pg_current_xact_id();
  INSERT INTO ${schema}.pending_events (ordinal, recorded_at, aggregate_type, aggregate_id, version, ${columns}, data)
  SELECT v_ordinal + e.offset_, v_now, p_aggregate_type, p_aggregate_id, o_version + e.offset_, ${values}, e.data
  FROM ROWS FROM (unnest(p_offset, ${arrays}), json_array_elements(p_data)) AS e (offset_, ${columns}, data);
  o_verdict := 1;
END $body$;

CREATE FUNCTION ${schema}.number_pending_events() RETURNS trigger LANGUAGE plpgsql AS $body$
#variable_conflict use_column
BEGIN
  PERFORM pg_advisory_xact_lock(${locks.log});
  INSERT INTO ${schema}.events (position, recorded_at, aggregate_type, aggregate_id, version, ${columns}, data)
  SELECT nextval('${schema}.positions'), recorded_at, aggregate_type, aggregate_id, version, ${columns}, data
  FROM (SELECT * FROM ${schema}.pending_events WHERE transaction_id = pg_current_xact_id() ORDER BY ordinal) AS pending;
  INSERT INTO ${schema}.event_tags (tag, position)
  SELECT tag, position FROM ${schema}.pending_events AS pending JOIN ${schema}.events AS event USING (id), unnest(pending.tags) AS tag
  WHERE pending.transaction_id = pg_current_xact_id();
  DELETE FROM ${schema}.pending_events WHERE transaction_id = pg_current_xact_id();
  RETURN NULL;
END $body$;

-- Once a transaction: the first of its events, at its commit, stands for all of them.
CREATE CONSTRAINT TRIGGER number_pending_events AFTER INSERT ON ${schema}.pending_events
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.ordinal = 1) EXECUTE FUNCTION ${schema}.number_pending_events();
`;
}
