-- Actions that were submitted and are not finished. Long columns stand last.
create table submissions (
  id ${identity},
  -- One for each call that stores, so that trying it again makes no second row.
  token text not null unique,
  -- Milliseconds since 1970, as are all times here, by the clock of the database.
  submitted_at bigint not null,
  -- When it may be handed over: at once is when it was submitted.
  due_at bigint not null,
  -- The coordinator that has it, until when nobody else may; null and 0 for nobody.
  owner text,
  claimed_until bigint not null default 0,
  -- Of data and secret.
  bytes bigint not null,
  action_id text not null,
  action_name text not null,
  encoding text not null,
  -- ISO 8601, because callers are finer than milliseconds.
  happened_at text not null,
  not_before text,
  data ${bytes} not null,
  secret ${bytes}
);

create index submissions_by_time on submissions (due_at, id);
