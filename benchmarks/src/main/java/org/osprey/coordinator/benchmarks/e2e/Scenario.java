package org.osprey.coordinator.benchmarks.e2e;

import java.util.List;

/** One kind of load. Ends every process it starts, also when it fails. */
interface Scenario {
  List<Figure> measure() throws Exception;
}
