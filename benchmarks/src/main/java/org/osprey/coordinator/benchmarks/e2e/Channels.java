package org.osprey.coordinator.benchmarks.e2e;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.stream.IntStream;

/** Several connections to one port, given out in turn. */
final class Channels implements AutoCloseable {
  private final List<ManagedChannel> all;

  Channels(String target, int count) {
    all =
        IntStream.range(0, count)
            .mapToObj(
                i -> NettyChannelBuilder.forTarget(target).usePlaintext().directExecutor().build())
            .toList();
  }

  ManagedChannel get(long turn) {
    return all.get((int) (turn % all.size()));
  }

  @Override
  public void close() {
    all.forEach(ManagedChannel::shutdownNow);
  }
}
