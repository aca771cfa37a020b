package org.osprey.coordinator.worker.rules;

import java.util.List;

/** A rule file that cannot be used; one line of the message for each mistake. */
public final class RuleMistakes extends Exception {
  RuleMistakes(List<String> mistakes) {
    super(String.join(System.lineSeparator(), mistakes));
  }
}
