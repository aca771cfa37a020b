package org.osprey.coordinator.pubsub;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannelProvider;
import org.junit.jupiter.api.Test;

class OneNettyTest {
  @Test
  void thereIsNoSecondNettyInsideGrpc() {
    assertThrows(
        ClassNotFoundException.class,
        () -> Class.forName("io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder"));
    String provider = ManagedChannelProvider.provider().getClass().getName();
    assertTrue(provider.startsWith("io.grpc.netty."), provider);
  }
}
