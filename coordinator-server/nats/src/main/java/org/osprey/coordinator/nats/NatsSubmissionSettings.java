package org.osprey.coordinator.nats;

/**
 * Where actions go that are submitted.
 *
 * @param stream the one that the source reads
 * @param subject of that stream, which the source reads as envelopes
 * @param maxUnconfirmed actions that the server has not confirmed; more are refused
 */
public record NatsSubmissionSettings(String stream, String subject, int maxUnconfirmed) {
  private static final int MAX_UNCONFIRMED = 10_000;

  public NatsSubmissionSettings {
    Invalid.unlessName("stream", stream);
    Invalid.unlessSubject("submitSubject", subject);
    Invalid.unlessAtLeastOne("maxUnconfirmed", maxUnconfirmed);
  }

  /**
   * Settings for what this source can read.
   *
   * @param subject empty for the first subject of the source without wildcards, or else the
   *     stream's name, which is the subject of a stream that was made without any
   * @throws IllegalArgumentException when the source would not read it, or as something else
   */
  public static NatsSubmissionSettings of(NatsSourceSettings source, String subject) {
    String chosen = subject.isEmpty() ? usual(source) : subject;
    boolean read =
        source.subjects().isEmpty()
            || source.subjects().stream()
                .anyMatch(pattern -> SubjectPattern.of(pattern).matches(chosen));
    if (!read) {
      throw Invalid.setting(
          "submitSubject must be one of nats.subjects %s, got %s", source.subjects(), chosen);
    }
    String name = new SubjectNames(source.actionNames()).nameOf(chosen);
    if (name != null) {
      throw Invalid.setting(
          "submitSubject must have no name in nats.actionNames, got %s with %s", chosen, name);
    }
    return new NatsSubmissionSettings(source.stream(), chosen, MAX_UNCONFIRMED);
  }

  private static String usual(NatsSourceSettings source) {
    return source.subjects().stream()
        .filter(pattern -> !pattern.contains("*") && !pattern.endsWith(">"))
        .findFirst()
        .orElse(source.stream());
  }
}
