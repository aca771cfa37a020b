/**
 * What is written for people: its links lead somewhere, its examples are read, its commands run.
 */
@NullMarked
package org.osprey.coordinator.docs;

import org.jspecify.annotations.NullMarked;
