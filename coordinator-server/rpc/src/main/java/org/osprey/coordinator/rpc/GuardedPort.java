package org.osprey.coordinator.rpc;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;
import org.osprey.coordinator.core.Ticker;

/**
 * Accepts no more connections than there may be, and puts a guard before each. What is one too many
 * is closed at once: left in the backlog, it would wait for a port that looks alive.
 */
final class GuardedPort extends NioServerSocketChannel {
  private final Connections connections;
  private final int maxStreams;
  private final Ticker ticker;

  /**
   * @param maxStreams that a connection may have
   */
  GuardedPort(Connections connections, int maxStreams, Ticker ticker) {
    this.connections = connections;
    this.maxStreams = maxStreams;
    this.ticker = ticker;
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws Exception {
    int count = super.doReadMessages(accepted);
    if (count <= 0) {
      return count;
    }
    Channel channel = (Channel) accepted.getLast();
    if (!connections.opened()) {
      accepted.removeLast();
      channel.unsafe().closeForcibly();
      return 0;
    }
    channel.closeFuture().addListener(closed -> connections.closed());
    guard(channel);
    return count;
  }

  private void guard(Channel channel) {
    FrameBudget budget = new FrameBudget(maxStreams, ticker);
    channel.config().setRecvByteBufAllocator(new WaryReads(budget));
    channel.pipeline().addLast(new FloodGuard.Installer(connections, budget));
  }
}
