/**
 * Ids for actions that come without one. Batches flow from the snowflake service into a buffer, and
 * from there to whoever asks; {@link org.osprey.coordinator.snowflake.LocalIds} makes them when
 * there is no service or it is down.
 */
@NullMarked
package org.osprey.coordinator.snowflake;

import org.jspecify.annotations.NullMarked;
