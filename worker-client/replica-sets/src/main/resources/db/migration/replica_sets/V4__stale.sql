-- What each worker was told about when the others may take it for dead, so that operators see it as the workers do.
alter table rs_workers add column stale interval not null default interval '30 seconds';
