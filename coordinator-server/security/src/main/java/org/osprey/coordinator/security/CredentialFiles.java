package org.osprey.coordinator.security;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/** Every file with a credential, so that new ones hold without a restart. */
@ThreadSafe
public final class CredentialFiles implements Component, Supervised {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration STUCK_AFTER = Duration.ofSeconds(10);

  @SuppressWarnings("ThreadSafe") // loaded before the loop begins, and by the loop only
  private final List<WatchedFiles> files;

  private final SupervisedLoop loop;

  /**
   * @param ports those with TLS
   */
  public CredentialFiles(List<ServerTls> ports, Access access, Ticker ticker) {
    files = Stream.concat(ports.stream().map(ServerTls::files), access.files().stream()).toList();
    loop = new SupervisedLoop("credential-files", ticker, STUCK_AFTER, this::look);
  }

  /**
   * @throws IllegalArgumentException naming the setting whose file is no good
   */
  @Override
  public void start() {
    files.forEach(WatchedFiles::load);
    loop.start();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  /** What is in use stays in use, so this is for people, and not for load balancers. */
  @Override
  public Check check() {
    List<String> problems =
        files.stream().map(WatchedFiles::problem).filter(Objects::nonNull).toList();
    return problems.isEmpty()
        ? Check.ok("credentials", files.size() + " in use")
        : Check.failed("credentials", String.join("; ", problems));
  }

  @Override
  public void close() {
    loop.close();
  }

  private void look() {
    files.forEach(WatchedFiles::look);
    LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
  }
}
