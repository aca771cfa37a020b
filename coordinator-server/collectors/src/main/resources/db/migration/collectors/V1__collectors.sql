-- Events that found no room in memory, a row for each batch. The long column stands last.
create table spilled_batches (
  id ${identity},
  collector text not null,
  epoch bigint not null,
  first_seq bigint not null,
  last_seq bigint not null,
  events integer not null,
  -- Of the events' bodies.
  bytes bigint not null,
  -- CRC32C of the frames.
  checksum bigint not null,
  -- See BatchFrames.
  frames ${bytes} not null
);

-- In the order in which they are read; the same batch is stored once.
create unique index spilled_batches_in_order
  on spilled_batches (collector, epoch, first_seq, last_seq, checksum);

-- Where collectors are in what they read.
create table collector_positions (
  collector text not null primary key,
  position text not null
);
