@NullMarked
package org.osprey.coordinator.testdata;

import org.jspecify.annotations.NullMarked;
