package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.core.DispatcherStats;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;
import org.osprey.coordinator.security.TestAuthority;

/**
 * Row R32 of the fault table: callers and workers whom nobody knows, and certificates and tokens
 * that are replaced under load. {@code -Dfault.calls=100000} and {@code -Dfault.seconds=60} are the
 * full sizes.
 */
@Timeout(900)
class SecurityTest {
  private static final int CALLS = Integer.getInteger("fault.calls", 2_000);
  private static final Duration LOAD = Duration.ofSeconds(Integer.getInteger("fault.seconds", 6));
  private static final int CALLERS = 8;

  /** A client hello: record, handshake, version 3.1, 32 random bytes, one cipher suite. */
  private static final String TLS_1_0 =
      "160301002d" + "01000029" + "0301" + "7f".repeat(32) + "00" + "0002002f" + "0100";

  /** Of TLS records. */
  private static final int ALERT = 21;

  @TempDir private Path folder;
  private SecureCoordinator secure;

  @BeforeEach
  void start() throws Exception {
    secure = new SecureCoordinator(folder);
  }

  @AfterEach
  void close() {
    secure.close();
  }

  @Test
  void whoIsKnownGetsHisVerdict() throws Exception {
    RawWorker.connect(secure.toWorkerPort(SecureCoordinator.WORKER_TOKEN)).ackingAll();
    RawWorker.connect(secure.showing(secure.clients.client("pool"))).ackingAll();
    await().until(() -> stats().connected() == 2);
    Caller caller = new Caller(secure.toSyncPort(SecureCoordinator.SUBMITTER_TOKEN));
    assertEquals(
        "verdict_for_7", caller.call(Caller.request(7).build()).getVerdicts().getVerdicts(0));
    assertStatus(
        Status.Code.PERMISSION_DENIED,
        () -> caller.call(Caller.request(8).setActionName("post_deleted").build()));
  }

  @Test
  void healthIsForEverybody() throws Exception {
    for (ManagedChannel channel : List.of(secure.toWorkerPort(null), secure.toSyncPort(null))) {
      assertEquals(
          ServingStatus.SERVING,
          HealthGrpc.newBlockingStub(channel)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus());
    }
  }

  @Test
  void nobodyElseQueuesAnActionOrGetsOne() throws Exception {
    List<ManagedChannel> callers =
        List.of(
            secure.toSyncPort(null),
            secure.toSyncPort("wrong-token-of-submitters"),
            secure.toSyncPort(SecureCoordinator.WORKER_TOKEN),
            secure.toSyncPort(SecureCoordinator.OPERATOR_TOKEN));
    List<ManagedChannel> workers =
        List.of(
            secure.toWorkerPort(null),
            secure.toWorkerPort("wrong-token-of-workers"),
            secure.toWorkerPort(SecureCoordinator.SUBMITTER_TOKEN),
            secure.showing(secure.clients.client("another-pool")));
    for (int sent = 0; sent < CALLS; sent += callers.size() + workers.size()) {
      refuseAll(callers, workers);
    }
    DispatcherStats stats = stats();
    assertEquals(0, stats.connected());
    assertEquals(0, stats.count(Count.SYNC_OFFERED));
    assertEquals(0, stats.sync().accepted() + stats.async().accepted());
    System.out.printf("R32 refused=%d queued=0 connected=0%n", CALLS);
  }

  private static void refuseAll(List<ManagedChannel> callers, List<ManagedChannel> workers) {
    List<RawWorker> streams = workers.stream().map(RawWorker::connect).toList();
    for (ManagedChannel channel : callers) {
      Status status =
          assertThrows(
                  StatusRuntimeException.class,
                  () -> new Caller(channel).call(Caller.request(1).build()))
              .getStatus();
      assertRefused(status);
    }
    streams.forEach(stream -> assertRefused(stream.ended()));
  }

  /** By a status, or with the whole connection, which has had too many streams ended by then. */
  private static void assertRefused(Status status) {
    boolean cut = String.valueOf(status.getDescription()).contains("GOAWAY");
    assertTrue(
        cut
            || status.getCode() == Status.Code.UNAUTHENTICATED
            || status.getCode() == Status.Code.PERMISSION_DENIED,
        status::toString);
  }

  @Test
  void certificatesThatAreNotGoodEndTheHandshake() throws Exception {
    Instant now = Instant.now();
    TestAuthority others = otherOfTheName();
    List<TestAuthority.KeyPair> bad =
        List.of(
            others.client("pool"),
            secure.clients.issue(
                "expired", builder -> builder.subject("CN=pool").notAfter(now.minusSeconds(60))),
            secure.clients.issue(
                "early", builder -> builder.subject("CN=pool").notBefore(now.plusSeconds(3_600))));
    for (TestAuthority.KeyPair certificate : bad) {
      Status status = RawWorker.connect(secure.showing(certificate)).ended();
      assertEquals(Status.Code.UNAVAILABLE, status.getCode(), status::toString);
    }
    assertEquals(0, stats().connected());
  }

  /** Clients do not show what an authority has signed that the server has not named. */
  private TestAuthority otherOfTheName() throws Exception {
    return new TestAuthority(Files.createDirectory(folder.resolve("elsewhere")), "clients");
  }

  @Test
  void whatIsNotTlsOrTooOldIsRefused() throws Exception {
    ManagedChannel plain =
        secure.kept(
            NettyChannelBuilder.forAddress("127.0.0.1", secure.coordinator.syncPort())
                .usePlaintext()
                .build());
    assertStatus(Status.Code.UNAVAILABLE, () -> new Caller(plain).call(Caller.request(1).build()));
    for (int port : List.of(secure.coordinator.workerPort(), secure.coordinator.syncPort())) {
      assertEquals(ALERT, answerToTls10(port));
      assertDoesNotThrow(() -> handshake(port, "TLSv1.2"));
    }
  }

  @Test
  void anAuthorityThatIsNotTrustedAnyMoreIsOut() throws Exception {
    TestAuthority.KeyPair before = secure.clients.client("pool");
    RawWorker.connect(secure.showing(before)).ackingAll();
    await().until(() -> stats().connected() == 1);
    TestAuthority next = otherOfTheName();
    Files.move(
        next.certificates(), secure.clients.certificates(), StandardCopyOption.REPLACE_EXISTING);
    await().until(() -> !handshakes(before));
    RawWorker.connect(secure.showing(next.client("pool"))).ackingAll();
    await().until(() -> stats().connected() >= 2);
  }

  /** Tokens as people replace them: the new one is good before the old one is not. */
  @Test
  void everythingIsReplacedUnderLoad() throws Exception {
    RawWorker byToken =
        RawWorker.connect(secure.toWorkerPort(SecureCoordinator.WORKER_TOKEN)).ackingAll();
    RawWorker byCertificate =
        RawWorker.connect(secure.showing(secure.clients.client("pool"))).ackingAll();
    await().until(() -> stats().connected() == 2);
    RotatingToken token = new RotatingToken(SecureCoordinator.SUBMITTER_TOKEN);
    AtomicInteger answered = new AtomicInteger();
    long end = System.nanoTime() + LOAD.toNanos();
    int rotations = 0;
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calling = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        long first = i * 1_000_000L;
        calling.add(
            callers.submit(
                () -> {
                  call(first, token, end, answered);
                  return null;
                }));
      }
      while (System.nanoTime() < end) {
        rotate(++rotations, token);
      }
      for (Future<?> one : calling) {
        one.get();
      }
    }
    assertFalse(byToken.hasEnded());
    assertFalse(byCertificate.hasEnded());
    assertTrue(rotations > 0 && answered.get() > 0);
    System.out.printf(
        "R32 rotations=%d calls=%d failed=0 dropped_streams=0%n", rotations, answered.get());
  }

  /** Half of the calls come over connections that are new, with the certificate of that moment. */
  private void call(long first, RotatingToken token, long end, AtomicInteger answered)
      throws IOException {
    ManagedChannel kept = secure.toSyncPort(null);
    for (long id = first; System.nanoTime() < end; id++) {
      boolean anew = id % 2 == 1;
      ManagedChannel channel = anew ? secure.toSyncPort(null) : kept;
      ProcessActionRequest request = Caller.request(id).build();
      token.use(shown -> new Caller(with(shown, channel)).call(request));
      answered.incrementAndGet();
      if (anew) {
        channel.shutdownNow();
      }
    }
  }

  private static Channel with(String token, ManagedChannel channel) {
    return ClientInterceptors.intercept(channel, SecureCoordinator.bearer(token));
  }

  private void rotate(int round, RotatingToken token) throws Exception {
    String next = "planted-token-of-round-" + round;
    secure.tokens("submitter", token.shown(), next);
    await().until(() -> isGood(next));
    token.replace(next);
    secure.tokens("submitter", next);
    TestAuthority.KeyPair renewed = secure.authority.server("renewed-" + round);
    Files.move(renewed.key(), secure.server.key(), StandardCopyOption.REPLACE_EXISTING);
    Files.move(
        renewed.certificates(), secure.server.certificates(), StandardCopyOption.REPLACE_EXISTING);
    await().until(() -> served().equals(renewed.bundle().getCertificate()));
  }

  /** What callers show; replaced when no call is under way that shows the old one. */
  private static final class RotatingToken {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private String shown;

    private RotatingToken(String first) {
      shown = first;
    }

    private void use(Consumer<String> call) {
      lock.readLock().lock();
      try {
        call.accept(shown);
      } finally {
        lock.readLock().unlock();
      }
    }

    private String shown() {
      return shown;
    }

    private void replace(String next) {
      lock.writeLock().lock();
      try {
        shown = next;
      } finally {
        lock.writeLock().unlock();
      }
    }
  }

  private boolean handshakes(TestAuthority.KeyPair certificate) throws IOException {
    ManagedChannel channel = secure.showing(certificate);
    try {
      HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance());
      return true;
    } catch (StatusRuntimeException e) {
      return false;
    } finally {
      channel.shutdownNow();
    }
  }

  private boolean isGood(String token) throws IOException {
    ManagedChannel channel = secure.toSyncPort(token);
    try {
      new Caller(channel).call(Caller.request(1).build());
      return true;
    } catch (StatusRuntimeException e) {
      return false;
    } finally {
      channel.shutdownNow();
    }
  }

  /** The type of the first record that comes back. */
  private static int answerToTls10(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(Math.toIntExact(Duration.ofSeconds(60).toMillis()));
      socket.getOutputStream().write(HexFormat.of().parseHex(TLS_1_0));
      return socket.getInputStream().read();
    }
  }

  private Certificate served() throws Exception {
    return handshake(secure.coordinator.syncPort(), "TLSv1.3");
  }

  private Certificate handshake(int port, String protocol) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, secure.server.bundle().toTrustManagerFactory().getTrustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setProtocols(new String[] {protocol});
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private DispatcherStats stats() {
    return secure.coordinator.dispatcher().stats();
  }

  private static void assertStatus(Status.Code code, Executable call) {
    Status status = assertThrows(StatusRuntimeException.class, call).getStatus();
    assertEquals(code, status.getCode(), status::toString);
  }
}
