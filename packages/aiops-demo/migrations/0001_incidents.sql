-- Up Migration

create table incidents (
  id               text primary key,
  state            text not null check (state in ('open', 'closed')),
  title            text not null,
  opened_at        timestamptz not null,
  closed_at        timestamptz,
  last_trouble_at  timestamptz not null,
  signals          jsonb not null,
  causes           jsonb not null,
  novelties        jsonb not null,
  check ((state = 'closed') = (closed_at is not null))
);

create index incidents_by_opening on incidents (opened_at desc);

-- What happened in an incident, in order. Entries are only ever added.
create table timeline (
  incident_id  text not null references incidents (id) on delete cascade,
  position     integer not null,
  at           timestamptz not null,
  what         text not null,
  primary key (incident_id, position)
);

create table templates (
  id              text primary key,
  template        text not null,
  count           bigint not null,
  services        text[] not null,
  worst_severity  text not null,
  first_seen      timestamptz not null,
  last_seen       timestamptz not null
);

create index templates_by_last_seen on templates (last_seen desc);

-- Down Migration

drop table templates;
drop table timeline;
drop table incidents;
