/** Projections that several processes share. */
@NullMarked
package example;

import org.jspecify.annotations.NullMarked;
