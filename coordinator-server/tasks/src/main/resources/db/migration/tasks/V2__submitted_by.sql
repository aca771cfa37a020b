-- The identity that submitted it; null where nobody is asked, and for tasks that came through a topic.
alter table tasks add column submitted_by text;
