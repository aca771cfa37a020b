create table numbers (number bigint primary key, text text);
