-- Up Migration

create table flights (
  flight_id         text primary key,
  origin            text not null,
  destination       text not null,
  -- An instant, and beside it the origin's offset in minutes: `timestamptz` alone forgets the local time.
  departed_at       timestamptz not null,
  departed_offset   smallint not null,
  distance_miles    double precision not null,
  risk_probability  double precision not null check (risk_probability between 0 and 1),
  risk_source       text not null check (risk_source in ('model', 'base-rate')),
  risk_version      text,
  risk_because      text,
  delay_minutes     integer,
  landed_at         timestamptz,
  landed_offset     smallint,
  check ((risk_source = 'model') = (risk_version is not null)),
  check ((delay_minutes is null) = (landed_at is null) and (landed_at is null) = (landed_offset is null)),
  check (landed_at > departed_at)
);

-- The board is read newest first; each index ends in the list's order, so that no list needs a sort.
create index flights_by_departure on flights (departed_at, flight_id);
create index flights_by_origin on flights (origin, departed_at, flight_id);
create index flights_by_destination on flights (destination, departed_at, flight_id);
create index flights_in_the_air on flights (departed_at, flight_id) where landed_at is null;
create index flights_degraded on flights (departed_at, flight_id) where risk_source = 'base-rate';

-- What happened, in the order in which it was committed: readers follow (tx, seq), see src/service/feed.ts.
create table events (
  tx         xid8 not null default pg_current_xact_id(),
  seq        bigint not null generated always as identity,
  type       text not null check (type in ('departed', 'landed')),
  flight_id  text not null references flights,
  primary key (tx, seq)
);

-- Down Migration

drop table events;
drop table flights;
