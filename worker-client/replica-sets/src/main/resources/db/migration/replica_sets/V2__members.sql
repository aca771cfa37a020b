-- Its row is locked while the work is divided.
create table rs_sets (
  replica_set text primary key,
  generation  bigint   not null default 0,
  partitions  smallint not null default 0,
  slots       smallint not null,
  changed_at  timestamptz not null default clock_timestamp()
);

create table rs_workers (
  replica_set text        not null references rs_sets,
  worker      text        not null,
  joined      bigint      generated always as identity,
  partition   int         not null default -1,
  ready       bigint      not null default 0,
  heartbeat   timestamptz not null default clock_timestamp(),
  primary key (replica_set, worker)
);

-- One row for each slot of each projection, so that a checkpoint stays with its slot whoever has it.
create table rs_checkpoints (
  replica_set text     not null references rs_sets,
  projection  text     not null,
  slot        smallint not null,
  position    bigint   not null,
  generation  bigint   not null,
  primary key (replica_set, projection, slot)
);
