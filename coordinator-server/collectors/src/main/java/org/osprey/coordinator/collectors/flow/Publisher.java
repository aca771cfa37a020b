package org.osprey.coordinator.collectors.flow;

import org.osprey.coordinator.core.Component;

/** Where events go. */
public interface Publisher extends Component {

  /**
   * @param wake run, by any thread, when the channel's answers change: there is room again, or
   *     something was settled
   */
  Channel open(Runnable wake);
}
