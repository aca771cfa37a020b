package org.osprey.coordinator.it;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.Composition;
import org.osprey.coordinator.app.Coordinator;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.security.TestAuthority;

/**
 * A coordinator with TLS on every port that knows a worker, a submitter and an operator, each by a
 * token in a file of that name, and workers by the certificate of the common name {@code pool} too.
 */
final class SecureCoordinator implements AutoCloseable {
  static final String WORKER_TOKEN = "planted-token-of-workers";
  static final String SUBMITTER_TOKEN = "planted-token-of-submitters";
  static final String OPERATOR_TOKEN = "planted-token-of-operators";
  static final String VIEWER_TOKEN = "planted-token-of-viewers";

  final TestAuthority authority;
  final TestAuthority clients;
  final TestAuthority.KeyPair server;
  final Coordinator coordinator;
  private final Path folder;
  private final List<ManagedChannel> channels = new ArrayList<>();

  SecureCoordinator(Path folder) throws Exception {
    this.folder = folder;
    authority = new TestAuthority(folder, "servers");
    clients = new TestAuthority(folder, "clients");
    server = authority.server("server");
    tokens("worker", WORKER_TOKEN);
    tokens("submitter", SUBMITTER_TOKEN);
    tokens("operator", OPERATOR_TOKEN);
    tokens("viewer", VIEWER_TOKEN);
    Path file = Files.writeString(folder.resolve("secure.yaml"), settings());
    coordinator = Composition.compose(ConfigLoader.load(file, Map.of()).config());
    coordinator.start();
  }

  private String settings() {
    String tls =
        "{certFile: %s, keyFile: %s, clientCaFile: %s}"
            .formatted(server.certificates(), server.key(), clients.certificates());
    return """
        rpc: {bindAddress: 127.0.0.1, workerPort: 0, syncPort: 0}
        http: {bindAddress: 127.0.0.1, port: 0}
        startup: {warmUp: 0s}
        database: {file: %1$s}
        streams: {enabled: true}
        tls: {worker: %2$s, sync: %2$s, http: %2$s}
        access:
          identities:
            workers: {roles: worker, tokenFile: %3$s/worker, certificateNames: [pool]}
            feeder: {roles: submitter, tokenFile: %3$s/submitter, actions: ["user_*"]}
            ops: {roles: operator, tokenFile: %3$s/operator}
            eyes: {roles: viewer, tokenFile: %3$s/viewer}
        """
        .formatted(folder.resolve("secure.db"), tls, folder);
  }

  /** Writes which tokens are good from now on. */
  void tokens(String role, String... tokens) throws IOException {
    Files.writeString(folder.resolve(role), String.join("\n", tokens));
  }

  ManagedChannel toWorkerPort(@Nullable String token) throws IOException {
    return channel(coordinator.workerPort(), trusting().build(), token);
  }

  ManagedChannel toSyncPort(@Nullable String token) throws IOException {
    return channel(coordinator.syncPort(), trusting().build(), token);
  }

  /** To the worker port. */
  ManagedChannel showing(TestAuthority.KeyPair certificate) throws IOException {
    return channel(
        coordinator.workerPort(),
        trusting()
            .keyManager(certificate.certificates().toFile(), certificate.key().toFile())
            .build(),
        null);
  }

  SslContextBuilder trusting() {
    return GrpcSslContexts.forClient().trustManager(authority.certificates().toFile());
  }

  /** To be closed with this. */
  ManagedChannel channel(int port, SslContext tls, @Nullable String token) {
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress("127.0.0.1", port).sslContext(tls);
    if (token != null) {
      builder.intercept(bearer(token));
    }
    return kept(builder.build());
  }

  ManagedChannel kept(ManagedChannel channel) {
    channels.add(channel);
    return channel;
  }

  static ClientInterceptor bearer(String token) {
    Metadata metadata = new Metadata();
    metadata.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return MetadataUtils.newAttachHeadersInterceptor(metadata);
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    coordinator.close();
  }
}
