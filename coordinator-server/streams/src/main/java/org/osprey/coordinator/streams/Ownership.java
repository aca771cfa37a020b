package org.osprey.coordinator.streams;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Component;

/** Which coordinator has which partition. Safe for use by many threads. */
public interface Ownership extends Component {

  /** Told on a thread that may be held up. For one partition the calls alternate. */
  interface Listener {
    /** This coordinator has the partition: its streams are to be loaded. */
    void acquired(Hold hold, List<Snapshot> streams);

    /** It does not have it any more; returns when nothing of it is told or written any more. */
    void lost(Hold hold);
  }

  /** Called once, before the start. */
  void tell(Listener listener);

  /** Who has the partition as far as is known, which may be this coordinator; null for nobody. */
  @Nullable String owner(int partition);

  /**
   * Until when a hold is certain to be ours, in nanoseconds of the ticker; not after, whatever this
   * process was kept from doing.
   *
   * @return {@link Long#MIN_VALUE} when it is not ours, which is to be looked for before times are
   *     subtracted
   */
  long heldUntil(Hold hold);

  /** Every coordinator that lives as far as is known, this one among them. */
  List<String> instances();
}
