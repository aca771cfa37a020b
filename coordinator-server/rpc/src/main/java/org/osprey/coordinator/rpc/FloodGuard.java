package org.osprey.coordinator.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

/**
 * Cuts a client that sends many more frames than it is sent answers, before the frames are looked
 * at: frames that come to nothing are ignored one by one by what is behind, at the cost of
 * everybody else on the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // whether the farewell arrives does not matter
final class FloodGuard extends ChannelDuplexHandler {
  private static final int PREFACE_BYTES = 24;

  /** GOAWAY with ENHANCE_YOUR_CALM. */
  private static final ByteBuf FAREWELL =
      Unpooled.unreleasableBuffer(
          Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("0000080700000000007fffffff0000000b"))
              .asReadOnly());

  private final Connections connections;
  private final FrameBudget budget;
  private final FrameScanner said;
  private final FrameScanner told;
  private boolean cut;

  private FloodGuard(Connections connections, FrameBudget budget) {
    this.connections = connections;
    this.budget = budget;
    said = new FrameScanner(PREFACE_BYTES, budget::said);
    told = new FrameScanner(0, budget::told);
  }

  /** Puts one in when the client begins to speak: behind TLS, if there is any. */
  static final class Installer extends ChannelInboundHandlerAdapter {
    private final FloodGuard guard;

    Installer(Connections connections, FrameBudget budget) {
      guard = new FloodGuard(connections, budget);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ChannelPipeline pipeline = context.pipeline();
      ChannelHandlerContext tls = pipeline.context(SslHandler.class);
      pipeline.addAfter(tls == null ? context.name() : tls.name(), null, guard);
      context.fireChannelRead(message);
      pipeline.remove(this);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!cut && message instanceof ByteBuf bytes) {
      said.scan(bytes);
      if (budget.isSpent()) {
        cut(context);
      }
    }
    if (cut) {
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      told.scan(bytes);
    }
    context.write(message, promise);
  }

  private void cut(ChannelHandlerContext context) {
    cut = true;
    connections.flooded();
    context.writeAndFlush(FAREWELL.duplicate());
    context.close();
  }
}
