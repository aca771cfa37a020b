package org.osprey.coordinator.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.common.exception.ErrorCode;
import io.etcd.jetcd.common.exception.EtcdException;
import io.etcd.jetcd.options.PutOption;
import io.grpc.Status;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.etcd.EtcdSettings.Credentials;
import org.osprey.coordinator.etcd.EtcdSettings.Tls;

/** A v3 client of one peer. Each request has the request time-out, whatever the client thinks. */
final class PeerConnection implements AutoCloseable {
  private final URI peer;
  private final EtcdSettings settings;
  private final Client client;

  private PeerConnection(URI peer, EtcdSettings settings, Client client) {
    this.peer = peer;
    this.settings = settings;
    this.client = client;
  }

  /** Does not wait for the connection. */
  static PeerConnection open(URI peer, EtcdSettings settings) throws RegistryException {
    // One peer each: who is asked next is for us to say, and a frozen one is left in time.
    ClientBuilder builder =
        Client.builder()
            .target("dns:///" + peer.getHost() + ":" + peer.getPort())
            .connectTimeout(settings.requestTimeout())
            .retryMaxAttempts(0)
            .waitForReady(false);
    Credentials credentials = settings.credentials();
    if (credentials != null) {
      builder.user(bytes(credentials.user())).password(bytes(credentials.password()));
    }
    if (peer.getScheme().equals("https")) {
      secure(builder, settings.tls());
    }
    return new PeerConnection(peer, settings, builder.build());
  }

  URI peer() {
    return peer;
  }

  /**
   * @return the id of a new lease
   */
  long grant(Duration ttl) throws RegistryException {
    return await(client.getLeaseClient().grant(ttl.toSeconds())).getID();
  }

  /**
   * @return whether the lease was still there
   */
  boolean renew(long lease) throws RegistryException {
    return known(client.getLeaseClient().keepAliveOnce(lease));
  }

  /**
   * @return whether the lease was still there
   */
  boolean revoke(long lease) throws RegistryException {
    return known(client.getLeaseClient().revoke(lease));
  }

  /** Whether the instance is there as given and under this lease. */
  boolean holds(Instance instance, long lease) throws RegistryException {
    List<KeyValue> entries = await(client.getKVClient().get(bytes(instance.key()))).getKvs();
    return entries.stream()
        .anyMatch(
            entry -> entry.getLease() == lease && entry.getValue().equals(bytes(instance.value())));
  }

  void put(Instance instance, long lease) throws RegistryException {
    PutOption option = PutOption.builder().withLeaseId(lease).build();
    await(client.getKVClient().put(bytes(instance.key()), bytes(instance.value()), option));
  }

  @Override
  public void close() {
    client.close();
  }

  private static void secure(ClientBuilder builder, @Nullable Tls tls) throws RegistryException {
    TlsFiles files = TlsFiles.read(tls == null ? new Tls(null, null, null) : tls);
    try {
      builder.sslContext(context -> context.trustManager(files.trusted()).keyManager(files.own()));
    } catch (SSLException e) {
      throw RegistryException.refused("etcd.tls: " + e.getMessage(), e);
    }
  }

  private boolean known(CompletableFuture<?> answer) throws RegistryException {
    try {
      await(answer);
      return true;
    } catch (RegistryException e) {
      if (e.getCause() != null && code(e.getCause()) == Status.Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private <T> T await(CompletableFuture<T> answer) throws RegistryException {
    try {
      return answer.get(settings.requestTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw noAnswer("nothing within " + settings.requestTimeout(), e);
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw noAnswer("interrupted", e);
    } finally {
      answer.cancel(true);
    }
  }

  private RegistryException failure(Throwable cause) {
    String tls = TlsFiles.trouble(cause);
    if (tls != null) {
      return RegistryException.refused(tls, cause);
    }
    return switch (code(cause)) {
      case INVALID_ARGUMENT, FAILED_PRECONDITION, PERMISSION_DENIED ->
          RegistryException.refused("etcd.user: " + cause.getMessage(), cause);
      case UNAUTHENTICATED ->
          RegistryException.noAnswer("etcd.user: not authenticated", "peer=" + peer, cause);
      default -> noAnswer(String.valueOf(cause.getMessage()), cause);
    };
  }

  private RegistryException noAnswer(String what, Throwable cause) {
    return RegistryException.noAnswer(
        Peers.noAnswer(settings.peers()), "peer=" + peer + " " + what, cause);
  }

  private static Status.Code code(Throwable failure) {
    return failure instanceof EtcdException e && e.getErrorCode() == ErrorCode.NOT_FOUND
        ? Status.Code.NOT_FOUND
        : Status.fromThrowable(failure).getCode();
  }

  private static ByteSequence bytes(String text) {
    return ByteSequence.from(text, UTF_8);
  }
}
