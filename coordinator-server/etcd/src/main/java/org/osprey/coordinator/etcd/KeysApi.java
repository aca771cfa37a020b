package org.osprey.coordinator.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.etcd.EtcdSettings.Credentials;
import org.osprey.coordinator.outbound.BoundedBody;

/** The v2 keys API over HTTP/1.1. One thread asks; any may close. */
final class KeysApi implements AutoCloseable {
  /** Far above an answer with one key and what it was before. */
  private static final int LARGEST_ANSWER = 1 << 16;

  private final EtcdSettings settings;
  private @Nullable HttpClient client;
  private boolean closed;

  /** Whether this etcd has ever shown that it has the API. */
  private boolean offered;

  KeysApi(EtcdSettings settings) {
    this.settings = settings;
  }

  KeysAnswer get(URI peer, String key) throws RegistryException {
    return exchange(peer, request(peer, key).GET());
  }

  KeysAnswer put(URI peer, String key, String value, Duration ttl) throws RegistryException {
    String form = "value=" + URLEncoder.encode(value, UTF_8) + "&ttl=" + ttl.toSeconds();
    return exchange(
        peer,
        request(peer, key)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .PUT(BodyPublishers.ofString(form)));
  }

  KeysAnswer delete(URI peer, String key) throws RegistryException {
    return exchange(peer, request(peer, key).DELETE());
  }

  /** Ends an exchange that goes on; further ones fail. May be repeated. */
  @Override
  public synchronized void close() {
    closed = true;
    if (client != null) {
      client.shutdownNow();
    }
  }

  /** Made when it is first needed, because it opens a selector and reads the certificates. */
  private synchronized HttpClient client() throws IOException, RegistryException {
    if (closed) {
      throw new IOException("closed");
    }
    if (client == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(settings.requestTimeout());
      if (settings.tls() != null) {
        builder.sslContext(TlsFiles.read(settings.tls()).context());
      }
      client = builder.build();
    }
    return client;
  }

  private HttpRequest.Builder request(URI peer, String key) {
    HttpRequest.Builder request = HttpRequest.newBuilder(target(peer, key));
    Credentials credentials = settings.credentials();
    if (credentials != null) {
      String pair = credentials.user() + ":" + credentials.password();
      String encoded = Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
      request.header("Authorization", "Basic " + encoded);
    }
    return request;
  }

  private static URI target(URI peer, String key) {
    try {
      return new URI(
          peer.getScheme(), null, peer.getHost(), peer.getPort(), "/v2/keys" + key, null, null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("no path in a URL: " + key, e);
    }
  }

  private KeysAnswer exchange(URI peer, HttpRequest.Builder request) throws RegistryException {
    try {
      return judged(
          peer,
          await(client().sendAsync(request.build(), head -> new BoundedBody(LARGEST_ANSWER))));
    } catch (TimeoutException | ConnectException | HttpTimeoutException e) {
      throw noAnswer(peer, e.toString(), e);
    } catch (IOException e) {
      throw broken(peer, e);
    }
  }

  /** The client's own time-out would end at the headers; this one covers the body. */
  private <T> T await(CompletableFuture<T> exchange) throws IOException, TimeoutException {
    try {
      return exchange.get(settings.requestTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      exchange.cancel(true);
    }
  }

  private KeysAnswer judged(URI peer, HttpResponse<byte[]> response) throws RegistryException {
    KeysAnswer answer = KeysAnswer.parse(response.body());
    if (answer == null) {
      throw foreign(peer, response.statusCode());
    }
    offered = true;
    return switch (answer.errorCode()) {
      case 0, KeysAnswer.KEY_NOT_FOUND -> answer;
      case KeysAnswer.UNAUTHORIZED ->
          throw RegistryException.refused("etcd.user: not authorized in the v2 store", null);
      case KeysAnswer.RAFT_INTERNAL, KeysAnswer.LEADER_ELECTION ->
          throw noAnswer(peer, "errorCode=" + answer.errorCode(), null);
      default ->
          throw RegistryException.refused(
              "etcd.peers: the v2 store refuses the key, errorCode=" + answer.errorCode(), null);
    };
  }

  /** For an answer that is none of the keys API. */
  private RegistryException foreign(URI peer, int status) {
    return switch (status) {
      case 401, 403 -> RegistryException.refused("etcd.user: status " + status, null);
      case 404, 405, 410, 501 -> RegistryException.notOffered("status " + status);
      default -> noAnswer(peer, "status " + status, null);
    };
  }

  /** For a connection that was made and gave no answer: some servers refuse the API like that. */
  private RegistryException broken(URI peer, IOException failure) {
    String tls = TlsFiles.trouble(failure);
    if (tls != null) {
      return RegistryException.refused(tls, failure);
    }
    return offered
        ? noAnswer(peer, failure.toString(), failure)
        : RegistryException.notOffered("connection closed");
  }

  private RegistryException noAnswer(URI peer, String what, @Nullable Throwable cause) {
    return RegistryException.noAnswer(
        Peers.noAnswer(settings.peers()), "peer=" + peer + " " + what, cause);
  }
}
