/** What plain JDBC leaves to its users, for the other packages of this library. */
@NullMarked
package org.osprey.coordinator.replica.jdbc;

import org.jspecify.annotations.NullMarked;
