package org.osprey.coordinator.testdata;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes actions as a small site would have them, so that the sample worker's rules find some. */
final class SampleActions {
  private static final List<String> NAMES =
      List.of("user_login", "user_login", "user_login", "user_signup", "post_created");
  private static final List<String> NETWORKS = List.of("192.168.1.", "10.0.7.", "203.0.113.");
  private static final int USERS = 200;
  private static final int TEST_USERS_IN = 20;
  private static final int HOSTS = 254;

  /** Leaves a million ids to each millisecond of a start, and room for 63 bits. */
  private static final int IDS_PER_MILLISECOND = 1_000_000;

  private final Clock clock;
  private final RandomGenerator random;
  private long lastId;

  /**
   * @param id unique among those of this generator, and of others that started at another time
   * @param data a JSON object
   */
  record SampleAction(long id, String name, String data, Instant time) {

    /** The form in which the test data of Osprey is published. */
    String published() {
      return "{\"send_time\":\"%s\",\"data\":{\"action_id\":\"%s\",\"action_name\":\"%s\",\"data\":%s}}"
          .formatted(time, Long.toUnsignedString(id), name, data);
    }
  }

  SampleActions(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
    lastId = clock.millis() * IDS_PER_MILLISECOND;
  }

  static SampleActions random() {
    return new SampleActions(Clock.systemUTC(), RandomGenerator.getDefault());
  }

  SampleAction next() {
    lastId++;
    return new SampleAction(lastId, oneOf(NAMES), data(), clock.instant());
  }

  private String data() {
    int user = random.nextInt(USERS);
    String prefix = user % TEST_USERS_IN == 0 ? "test_" : "user_";
    return "{\"user_id\":\"%s%d\",\"ip_address\":\"%s%d\",\"success\":%b}"
        .formatted(
            prefix, user, oneOf(NETWORKS), 1 + random.nextInt(HOSTS), random.nextInt(10) > 0);
  }

  private String oneOf(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
