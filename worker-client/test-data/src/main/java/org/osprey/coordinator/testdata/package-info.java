/**
 * What one tries a coordinator with: actions over Kafka and as synchronous calls, for as long as
 * the process runs, and a snowflake service.
 *
 * <p>{@link org.osprey.coordinator.testdata.TestData} reads the command and its variables. {@code
 * ActionStream} takes one action after the other from {@code SampleActions}, at its pace, to a
 * {@code Destination}: Kafka or the sync port. One thread does that; {@code Stop} ends it.
 */
@NullMarked
package org.osprey.coordinator.testdata;

import org.jspecify.annotations.NullMarked;
