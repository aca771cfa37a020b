/**
 * The one place that opens the embedded (SQLite) or shared (PostgreSQL) database. Work flows from
 * any thread through a bounded queue to one writer, which commits what waits together; queries run
 * on the caller's thread with a connection from a small pool. Dead letters are the first that live
 * here.
 */
@NullMarked
package org.osprey.coordinator.database;

import org.jspecify.annotations.NullMarked;
