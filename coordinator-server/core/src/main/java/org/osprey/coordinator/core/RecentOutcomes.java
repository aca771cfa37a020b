package org.osprey.coordinator.core;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.DispatcherSettings.Recent;
import org.osprey.coordinator.core.Outcome.Acked;

/**
 * What became of the actions that workers handled lately, by action id. The oldest are forgotten
 * first. Not thread-safe: the dispatcher's lock guards it.
 */
final class RecentOutcomes {
  private final Recent settings;

  /** In order of their handling. */
  private final Map<Long, Remembered> outcomes = new LinkedHashMap<>();

  private long bytes;

  private record Remembered(Acked acked, long at) {
    private long bytes() {
      return acked.verdicts() == null ? 0 : acked.verdicts().length;
    }
  }

  RecentOutcomes(Recent settings) {
    this.settings = settings;
  }

  /** The answer of the worker without what was published of it, or null when it is not known. */
  @Nullable Acked find(long id, long now) {
    forgetOld(now);
    Remembered known = outcomes.get(id);
    return known == null ? null : known.acked;
  }

  void add(long id, Acked acked, long now) {
    forget(outcomes.remove(id));
    Remembered added = new Remembered(new Acked(acked.verdicts(), null), now);
    outcomes.put(id, added);
    bytes += added.bytes();
    forgetOld(now);
  }

  private void forgetOld(long now) {
    Iterator<Remembered> oldest = outcomes.values().iterator();
    while (oldest.hasNext()) {
      Remembered known = oldest.next();
      if (!isFull() && now - known.at < settings.time().toNanos()) {
        return;
      }
      oldest.remove();
      forget(known);
    }
  }

  private void forget(@Nullable Remembered known) {
    bytes -= known == null ? 0 : known.bytes();
  }

  private boolean isFull() {
    return outcomes.size() > settings.actions() || bytes > settings.bytes();
  }
}
