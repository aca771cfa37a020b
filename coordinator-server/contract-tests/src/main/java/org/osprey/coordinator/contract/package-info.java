/**
 * What every implementation of an SPI must do, as suites of tests: a module's test class implements
 * a contract against its real server and so inherits the tests.
 */
@NullMarked
package org.osprey.coordinator.contract;

import org.jspecify.annotations.NullMarked;
