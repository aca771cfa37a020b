-- The head of each stream. Its row is locked from the first statement of an append to its commit, so that positions follow
-- versions.
create table rs_streams (
  stream_id text primary key,
  version   bigint not null
);

-- A position is taken by the default and nowhere else, while the transaction holds a lock on this table: who holds none has no
-- position that nobody sees yet.
create table rs_events (
  position    bigint generated always as identity (cache 1) primary key,
  stream_id   text        not null,
  version     bigint      not null,
  slot        smallint    not null,
  type        text        not null,
  data        bytea       not null,
  metadata    bytea       not null,
  recorded_at timestamptz not null default now(),
  unique (stream_id, version)
);
