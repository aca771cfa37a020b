-- All times are milliseconds since 1970. Long columns stand last.

-- Streams as of their last change.
create table scheduled_streams (
  stream_id text primary key,
  partition_id integer not null,
  mode text not null,
  run bigint not null,
  loop_number bigint not null,
  position_millis bigint not null,
  -- By the clock of the coordinator; 0 for a stream that does not run.
  anchor_millis bigint not null,
  updated_at bigint not null,
  config ${bytes} not null
);

create index scheduled_streams_by_partition on scheduled_streams (partition_id);

-- Who runs the streams of which partition.
create table stream_partitions (
  partition_id integer primary key,
  -- Null for nobody.
  owner text,
  -- How often it was claimed; never goes back.
  epoch bigint not null default 0,
  -- By the clock of the database.
  expires_at bigint not null default 0
);

insert into stream_partitions (partition_id)
with recursive numbers (number) as (
  select 0 union all select number + 1 from numbers where number < 63)
select number from numbers;

-- Coordinators that share the partitions, and when they last said that they live.
create table stream_instances (
  owner text primary key,
  -- By the clock of the database.
  seen_at bigint not null
);
