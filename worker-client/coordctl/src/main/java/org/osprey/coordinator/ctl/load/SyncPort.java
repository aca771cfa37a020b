package org.osprey.coordinator.ctl.load;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import org.osprey.coordinator.ctl.api.Credentials;

/**
 * Where sync actions are taken over gRPC.
 *
 * @param target {@code host:port}
 */
public record SyncPort(String target, boolean tls, Credentials credentials) {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** Connects when it is used. */
  ManagedChannel open() {
    NettyChannelBuilder builder = NettyChannelBuilder.forTarget(target);
    Metadata headers = new Metadata();
    credentials.authorization().ifPresent(value -> headers.put(AUTHORIZATION, value));
    builder.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
    return (tls ? builder.sslContext(credentials.grpcContext()) : builder.usePlaintext()).build();
  }

  @Override
  public String toString() {
    return "the sync port " + target + (tls ? " with TLS" : "");
  }
}
