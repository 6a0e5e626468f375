/** The SQL of the store: six statements, written so that each can be repeated without harm. */

export const SAVE_INCIDENT = `
  insert into incidents (id, state, title, opened_at, closed_at, last_trouble_at, signals, causes, novelties)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict (id) do update set
    state = excluded.state, title = excluded.title, closed_at = excluded.closed_at,
    last_trouble_at = excluded.last_trouble_at, signals = excluded.signals, causes = excluded.causes,
    novelties = excluded.novelties`;

export const SAVE_TIMELINE = `
  insert into timeline (incident_id, position, at, what)
  select $1, position, at, what from jsonb_to_recordset($2::jsonb) as entry (position integer, at timestamptz, what text)
  on conflict (incident_id, position) do nothing`;

export const SAVE_TEMPLATES = `
  insert into templates (id, template, count, services, worst_severity, first_seen, last_seen)
  select id, template, count, services, worst_severity, first_seen, last_seen
  from jsonb_to_recordset($1::jsonb) as row (id text, template text, count bigint, services text[],
    worst_severity text, first_seen timestamptz, last_seen timestamptz)
  on conflict (id) do update set
    template = excluded.template, count = excluded.count, services = excluded.services,
    worst_severity = excluded.worst_severity, last_seen = excluded.last_seen`;

/** Oldest first, as memory keeps them. */
export const LOAD_INCIDENTS = `
  select incidents.*, (
    select coalesce(jsonb_agg(jsonb_build_object('at', timeline.at, 'what', what) order by position), '[]'::jsonb)
    from timeline where incident_id = incidents.id) as timeline
  from (select * from incidents order by state = 'open' desc, opened_at desc limit 100) as incidents
  order by opened_at`;

export const LOAD_TEMPLATES = `select * from templates order by last_seen desc limit 1000`;
