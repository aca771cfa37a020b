package org.osprey.coordinator.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link StreamWorker}. Mistakes show when it is built. */
public final class StreamWorkerBuilder {
  private final List<String> targets = new ArrayList<>();
  private @Nullable String clientId;
  private int streams = 8;
  private int channelsPerTarget = 1;
  private int maxOutstanding = 1;
  private List<String> actionNames = List.of();
  private @Nullable ActionHandler handler;
  private Duration actionTimeout = Duration.ofSeconds(30);
  private Duration rotateMin = Duration.ofMinutes(1);
  private Duration rotateMax = Duration.ofMinutes(2);
  private Duration drainTimeout = Duration.ofSeconds(10);
  private boolean tls;
  private @Nullable Path caFile;
  private @Nullable Path chain;
  private @Nullable Path key;
  private @Nullable TokenFile token;
  private @Nullable Timer timer;
  private RandomGenerator random = RandomGenerator.getDefault();

  StreamWorkerBuilder() {}

  /** Adds a coordinator, as {@code host:port}. */
  public StreamWorkerBuilder target(String target) {
    targets.add(target);
    return this;
  }

  /** Adds coordinators; streams go to all targets in turn. */
  public StreamWorkerBuilder targets(List<String> more) {
    targets.addAll(more);
    return this;
  }

  /** Names this worker to coordinators. Default: host name and process id. */
  public StreamWorkerBuilder clientId(String id) {
    clientId = id;
    return this;
  }

  /** How many streams in all. Default 8. */
  public StreamWorkerBuilder streams(int count) {
    streams = count;
    return this;
  }

  /** How many connections carry the streams to one target. Default 1. */
  public StreamWorkerBuilder channelsPerTarget(int count) {
    channelsPerTarget = count;
    return this;
  }

  /** How many actions a stream may have in hand, 1 to 1,000. Default 1. */
  public StreamWorkerBuilder maxOutstanding(int count) {
    maxOutstanding = count;
    return this;
  }

  /** Takes only actions with a name that matches one of these globs. Default: all. */
  public StreamWorkerBuilder actionNames(String... globs) {
    actionNames = List.of(globs);
    return this;
  }

  /** Required. */
  public StreamWorkerBuilder handler(ActionHandler handler) {
    this.handler = handler;
    return this;
  }

  /** How long the handler may take before its action is nacked. Default 30 s. */
  public StreamWorkerBuilder actionTimeout(Duration limit) {
    actionTimeout = limit;
    return this;
  }

  /** A stream gives way to a new one at an age between these. Default 60 s to 120 s. */
  public StreamWorkerBuilder rotateAfter(Duration min, Duration max) {
    rotateMin = min;
    rotateMax = max;
    return this;
  }

  /** How long closing waits for actions in hand. Default 10 s. */
  public StreamWorkerBuilder drainTimeout(Duration limit) {
    drainTimeout = limit;
    return this;
  }

  /** Connects with TLS and trusts the authorities of the JDK. Default: plaintext. */
  public StreamWorkerBuilder tls() {
    tls = true;
    caFile = null;
    return this;
  }

  /** Connects with TLS and trusts only the authorities in a PEM file. */
  public StreamWorkerBuilder tls(Path caFile) {
    tls = true;
    this.caFile = caFile;
    return this;
  }

  /**
   * Shows a certificate to coordinators; wants {@link #tls()} too. Default: none.
   *
   * @param chain PEM
   * @param key PEM, PKCS #8 without a password
   */
  public StreamWorkerBuilder certificate(Path chain, Path key) {
    this.chain = chain;
    this.key = key;
    return this;
  }

  /** Signs in with the token in a file, which is read again for each new stream. Default: none. */
  public StreamWorkerBuilder tokenFile(Path file) {
    token = new TokenFile(file);
    return this;
  }

  StreamWorkerBuilder timer(Timer timer) {
    this.timer = timer;
    return this;
  }

  StreamWorkerBuilder random(RandomGenerator random) {
    this.random = random;
    return this;
  }

  /**
   * Reads the files that were named, and opens no connection yet.
   *
   * @throws IllegalArgumentException naming the setting, what was expected and what came
   */
  public StreamWorker build() {
    if (handler == null) {
      throw new IllegalArgumentException("handler: expected one, got none");
    }
    Layout layout = new Layout(targets, streams, channelsPerTarget);
    Introduction introduction =
        new Introduction(
            clientId == null ? hostAndProcess() : clientId, maxOutstanding, actionNames, token);
    Timing timing = new Timing(actionTimeout, rotateMin, rotateMax, drainTimeout);
    Timer clock = timer == null ? new ThreadTimer() : timer;
    return new StreamWorker(
        layout,
        introduction,
        timing,
        handler,
        new StreamWorker.Surroundings(channels(), clock, random));
  }

  private ChannelFactory channels() {
    if (chain != null && !tls) {
      throw new IllegalArgumentException("certificate: expected tls() too, got plaintext");
    }
    return ChannelFactory.of(tls ? new TlsFiles(caFile, chain, key).context() : null);
  }

  private static String hostAndProcess() {
    return hostName() + "-" + ProcessHandle.current().pid();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown-host";
    }
  }
}
