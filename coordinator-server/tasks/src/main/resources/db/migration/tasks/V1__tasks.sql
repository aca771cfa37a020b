-- All times are milliseconds since 1970, by the clock of the database. Long columns stand last.
create table tasks (
  id ${identity},
  task_id text not null unique,
  task_name text not null,
  task_description text not null,
  status text not null,
  created_at bigint not null,
  updated_at bigint not null,
  -- Null until it has ended.
  finished_at bigint,
  -- All requests, those that have not ended, and ended ones that failed.
  requests integer not null,
  open_requests integer not null,
  failed_requests integer not null default 0,
  -- How often it was retried by hand.
  redrive integer not null default 0,
  payload_bytes bigint not null,
  error_message text,
  payload text not null
);

create index tasks_by_time on tasks (created_at, id);
create index tasks_by_status on tasks (status, created_at, id);
create index tasks_by_name on tasks (task_name, created_at, id);
create index tasks_by_name_and_status on tasks (task_name, status, created_at, id);
create index tasks_by_end on tasks (finished_at) where finished_at is not null;

create table service_requests (
  id ${identity},
  task_id text not null references tasks (task_id),
  service_name text not null,
  scenario_id text,
  business_type_id text,
  status text not null,
  created_at bigint not null,
  updated_at bigint not null,
  -- When it may be called, while it is pending.
  next_attempt_at bigint not null,
  -- When it was first called since it was made or retried by hand.
  first_attempt_at bigint,
  -- Tells hand-overs apart; never goes back.
  attempt integer not null default 0,
  -- Calls that count against the limit of retries, and coordinators that died with it.
  tries integer not null default 0,
  deaths integer not null default 0,
  redrive integer not null default 0,
  -- The coordinator that calls, while it is in progress.
  owner text,
  error_message text,
  request_payload text not null,
  response_payload text
);

create index service_requests_of_task on service_requests (task_id, id);
create index service_requests_pending on service_requests (service_name, next_attempt_at, id)
  where status = 'PENDING';
create index service_requests_in_progress on service_requests (owner) where status = 'IN_PROGRESS';

-- Tasks that go through a topic, and have not come back from there.
create table task_outbox (
  task_id text primary key,
  -- When somebody is to publish it, perhaps again.
  publish_at bigint not null
);

create index task_outbox_by_time on task_outbox (publish_at, task_id);

-- Coordinators that call, and when they last said that they live.
create table task_coordinators (
  owner text primary key,
  seen_at bigint not null
);

-- Requests that came with an Idempotency-Key, and the tasks they made.
create table task_keys (
  idempotency_key text primary key,
  body_hash text not null,
  task_id text not null,
  created_at bigint not null
);

create index task_keys_by_time on task_keys (created_at);
