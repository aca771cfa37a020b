-- Events that a handler could not handle, and those of the same streams behind them.
create table rs_parked (
  replica_set text        not null,
  projection  text        not null,
  position    bigint      not null,
  stream_id   text        not null,
  slot        smallint    not null,
  error       text        not null default '',
  released    boolean     not null default false,
  parked_at   timestamptz not null default clock_timestamp(),
  primary key (replica_set, projection, position)
);

create index rs_parked_streams on rs_parked (replica_set, projection, stream_id, position);
