-- What was given up. Long columns stand last, so that the short ones are read without them.
create table dead_letters (
  id ${identity},
  -- One for each call that stores, so that trying it again makes no second row.
  token text not null unique,
  -- Milliseconds since 1970.
  stored_at bigint not null,
  reason text not null,
  source text not null,
  origin text not null,
  nacks integer not null,
  deaths integer not null,
  error text not null,
  -- Unsigned; null for a message that is no action.
  action_id text,
  action_name text,
  encoding text,
  -- ISO 8601, because sources are finer than milliseconds.
  happened_at text not null,
  not_before text,
  -- A JSON object; null for an action.
  attributes text,
  message_key ${bytes},
  -- The payload of an action, or a message's data.
  data ${bytes} not null,
  secret ${bytes},
  result ${bytes}
);

create index dead_letters_by_reason on dead_letters (reason);
