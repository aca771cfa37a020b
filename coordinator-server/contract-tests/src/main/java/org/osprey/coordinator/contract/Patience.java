package org.osprey.coordinator.contract;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has tests wait long for what must come: a machine that is busy is slow, and not wrong. Every test
 * that has this module on its class path has it.
 */
public final class Patience implements BeforeAllCallback {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(LONG);
  }
}
