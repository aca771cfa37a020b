/** Tests of the id generators, the remote one against a small server of their own. */
@NullMarked
package org.osprey.coordinator.snowflake;

import org.jspecify.annotations.NullMarked;
