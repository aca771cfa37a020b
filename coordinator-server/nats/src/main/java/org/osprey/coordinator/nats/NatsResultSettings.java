package org.osprey.coordinator.nats;

/**
 * Where results go.
 *
 * @param subject of a stream that the operator made
 * @param includeVerdicts whether acks that have verdicts and no execution result are published too
 * @param maxUnconfirmed results that the server has not confirmed; more fail, and are tried again
 */
public record NatsResultSettings(String subject, boolean includeVerdicts, int maxUnconfirmed) {
  public static final NatsResultSettings DEFAULTS =
      new NatsResultSettings("osprey.execution_results", false, 10_000);

  public NatsResultSettings {
    Invalid.unlessSubject("resultsSubject", subject);
    Invalid.unlessAtLeastOne("maxUnconfirmed", maxUnconfirmed);
  }
}
