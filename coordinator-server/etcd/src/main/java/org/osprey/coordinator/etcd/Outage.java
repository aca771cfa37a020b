package org.osprey.coordinator.etcd;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs once when etcd begins to fail and once when all of it is well again. Its stores fail
 * together as a rule, with the same words: that is one outage.
 */
@ThreadSafe
final class Outage {
  private static final Logger log = LoggerFactory.getLogger(Outage.class);

  @GuardedBy("this")
  private final Map<String, String> troubles = new TreeMap<>();

  @GuardedBy("this")
  private @Nullable String logged;

  /**
   * @param trouble what is wrong with the store, in words that stay the same while it is; null for
   *     nothing
   */
  synchronized void report(String store, @Nullable String trouble) {
    if (trouble == null) {
      troubles.remove(store);
    } else {
      troubles.put(store, trouble);
    }
    if (troubles.isEmpty()) {
      over();
    } else if (!troubles.containsValue(logged)) {
      begun(troubles.values().iterator().next());
    }
  }

  @GuardedBy("this")
  private void begun(String trouble) {
    log.warn("cannot announce in etcd, will go on trying: trouble=\"{}\"", trouble);
    logged = trouble;
  }

  @GuardedBy("this")
  private void over() {
    if (logged != null) {
      log.info("announced in etcd, trouble is over: was=\"{}\"", logged);
      logged = null;
    }
  }
}
