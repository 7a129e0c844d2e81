import { EVENT_PARAMETERS } from '../event-columns.ts';
import type { SqlNames } from '../sql-names.ts';

const names = EVENT_PARAMETERS.map(([name]) => name);
const columns = names.join(', ');
const arrayParameters = EVENT_PARAMETERS.map(([name, type]) => `p_${name} ${type}[]`).join(', ');
const parameters = EVENT_PARAMETERS.map(([name, type]) => `p_${name} ${type}`).join(', ');
const arrays = names.map((name) => `p_${name}`).join(', ');

/** The columns as they come in: of what is an array or JSON itself, the text. */
const valuesFrom = (prefix: string): string =>
  names
    .map((name) => {
      if (name === 'tags') return `${prefix}tags::text[]`;
      return name === 'metadata' ? `${prefix}metadata::json` : `${prefix}${name}`;
    })
    .join(', ');

const values = valuesFrom('e.');

/**
 * The functions that append. What they read after they got a lock they read in a new snapshot, since they are volatile and the transaction is
 * READ COMMITTED: it shows what the lock's former holder committed.
 */
export function createAppend({ schema, locks }: SqlNames): string {
  // Tried first, since setting a time limit costs more than a lock that is free.
  const takeLog = `
  IF current_setting('transaction_isolation') <> 'read committed' THEN PERFORM ${schema}.assert_read_committed(); END IF;
  IF NOT pg_try_advisory_xact_lock(${locks.log}) THEN
    v_now := clock_timestamp();
    PERFORM set_config('lock_timeout', p_lock_timeout_ms::text, true);
    PERFORM pg_advisory_xact_lock(${locks.log});
    v_waited := extract(epoch FROM clock_timestamp() - v_now) * 1000000;
  END IF;
  -- From here on nothing may wait for a transaction that is not ours: whoever holds the log makes all others wait.`;
  // Those who listen share this lock; alone with it, nobody does.
  const isHeard = `(NOT pg_try_advisory_xact_lock(${locks.listeners}))::integer`;
  return `
CREATE FUNCTION ${schema}.assert_read_committed() RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION 'events can''t be appended at the isolation level %: they would be checked against an old snapshot', current_setting('transaction_isolation')
      USING ERRCODE = 'invalid_transaction_state', HINT = 'Append at READ COMMITTED.';
  END IF;
END $body$;

-- A batch of appends, each to another stream. Answers whether somebody listens, the last position or 0, for how many microseconds it waited for
-- the log, the verdict on each append, and the version of each stream before it. Verdicts:
-- 1 appended, 2 refused (its expectation was not met, or an id is taken), 3 held (an open transaction holds its stream).
-- An array rather than OUT parameters: whatever has several columns is described anew at each call.
CREATE FUNCTION ${schema}.append_events(
  p_aggregate_types text[], p_aggregate_ids text[], p_expected bigint[], p_lock_timeout_ms integer,
  p_append integer[], p_offset integer[], ${arrayParameters}, p_data json
) RETURNS bigint[] LANGUAGE plpgsql AS $body$
#variable_conflict use_column
DECLARE
  v_waited bigint := 0;
  v_verdicts bigint[];
  v_versions bigint[];
  v_version integer;
  v_now timestamptz;
  v_count integer;
  v_last bigint;
  v_taken integer;
BEGIN${takeLog}
  FOR i IN 1 .. cardinality(p_aggregate_types) LOOP
    v_verdicts[i] := 3;
    v_versions[i] := 0;
    CONTINUE WHEN NOT pg_try_advisory_xact_lock(${locks.stream('p_aggregate_types[i]', 'p_aggregate_ids[i]')});
    SELECT version INTO v_version FROM ${schema}.events
    WHERE aggregate_id = p_aggregate_ids[i] AND aggregate_type = p_aggregate_types[i] ORDER BY version DESC LIMIT 1;
    IF FOUND THEN v_versions[i] := v_version; END IF;
    v_verdicts[i] := CASE
      WHEN p_expected[i] = -1 OR p_expected[i] = v_versions[i] OR (p_expected[i] = -2 AND v_versions[i] > 0) THEN 1
      ELSE 2
    END;
  END LOOP;
  -- An append that is repeated fails its expectation, unless many versions meet that: found here, it does not fail the others. By a subquery,
  -- since a join might be planned as a scan of the whole log while that is still small, and stay so.
  IF 0 > ANY (p_expected) THEN
    FOR v_taken IN
      SELECT DISTINCT k.append FROM unnest(p_id, p_append) AS k (id, append)
      WHERE v_verdicts[k.append] = 1 AND p_expected[k.append] < 0 AND (SELECT true FROM ${schema}.events AS event WHERE event.id = k.id)
    LOOP
      v_verdicts[v_taken] := 2;
    END LOOP;
  END IF;
  IF NOT 1 = ANY (v_verdicts) THEN RETURN ARRAY[0, 0, v_waited] || v_verdicts || v_versions; END IF;
  v_now := clock_timestamp();
  INSERT INTO ${schema}.events (position, recorded_at, aggregate_type, aggregate_id, version, ${columns}, data)
  SELECT nextval('${schema}.positions'), v_now, p_aggregate_types[e.append], p_aggregate_ids[e.append],
    v_versions[e.append] + e.offset_, ${values}, e.data
  FROM ROWS FROM (unnest(p_append, p_offset, ${arrays}), json_array_elements(p_data))
    AS e (append, offset_, ${columns}, data)
  WHERE v_verdicts[e.append] = 1;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  v_last := currval('${schema}.positions');
  IF p_tags IS NOT NULL THEN
    INSERT INTO ${schema}.event_tags (tag, position)
    SELECT tag, position FROM ${schema}.events, unnest(tags) AS tag WHERE position > v_last - v_count AND position <= v_last;
  END IF;
  RETURN ARRAY[${isHeard}, v_last, v_waited] || v_verdicts || v_versions;
END $body$;

-- One event alone, the most frequent append, is spared the price of arrays. Answers as append_events() does.
CREATE FUNCTION ${schema}.append_event(
  p_aggregate_type text, p_aggregate_id text, p_expected bigint, p_lock_timeout_ms integer, ${parameters}, p_data json
) RETURNS bigint[] LANGUAGE plpgsql AS $body$
#variable_conflict use_column
DECLARE
  v_waited bigint := 0;
  v_now timestamptz;
  v_version bigint;
  v_position bigint;
BEGIN${takeLog}
  IF NOT pg_try_advisory_xact_lock(${locks.stream('p_aggregate_type', 'p_aggregate_id')}) THEN RETURN ARRAY[0, 0, v_waited, 3, 0]; END IF;
  INSERT INTO ${schema}.events (position, recorded_at, aggregate_type, aggregate_id, version, ${columns}, data)
  SELECT nextval('${schema}.positions'), clock_timestamp(), p_aggregate_type, p_aggregate_id, stream.version + 1, ${valuesFrom('p_')}, p_data
  FROM (
    SELECT coalesce(max(version), 0) AS version FROM ${schema}.events WHERE aggregate_id = p_aggregate_id AND aggregate_type = p_aggregate_type
  ) AS stream
  WHERE p_expected = stream.version
    OR ((p_expected = -1 OR (p_expected = -2 AND stream.version > 0)) AND NOT EXISTS (SELECT 1 FROM ${schema}.events WHERE id = p_id))
  RETURNING version - 1, position INTO v_version, v_position;
  IF v_position IS NULL THEN
    SELECT coalesce(max(version), 0) INTO v_version FROM ${schema}.events WHERE aggregate_id = p_aggregate_id AND aggregate_type = p_aggregate_type;
    RETURN ARRAY[0, 0, v_waited, 2, v_version];
  END IF;
  IF p_tags IS NOT NULL THEN
    INSERT INTO ${schema}.event_tags (tag, position) SELECT tag, v_position FROM unnest(p_tags::text[]) AS tag;
  END IF;
  RETURN ARRAY[${isHeard}, v_position, v_waited, 1, v_version];
END $body$;

-- Appends in the caller's own transaction: one append, whose events get their positions when that commits.
CREATE FUNCTION ${schema}.append_pending_events(
  p_aggregate_type text, p_aggregate_id text, p_expected bigint, p_lock_timeout_ms integer,
  p_offset integer[], ${arrayParameters}, p_data json,
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
