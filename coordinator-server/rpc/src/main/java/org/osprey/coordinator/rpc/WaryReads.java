package org.osprey.coordinator.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.DelegatingHandle;

/**
 * Reads once from a connection and then looks at the others of its event loop, and reads little
 * from a client that was not answered much as yet: a flood costs its neighbours a place in a short
 * line, not all the time it takes until it is cut.
 */
@SuppressWarnings("deprecation") // of a handle, Netty's own channels use all
final class WaryReads implements RecvByteBufAllocator {
  /** The headers of some calls, or some fifty of the smallest frames. */
  private static final int LITTLE = 1 << 9;

  private static final int FIRST = 1 << 11;

  /** Some hundred calls, which take less than a millisecond. */
  private static final int MOST = 1 << 14;

  private static final RecvByteBufAllocator USUAL =
      new AdaptiveRecvByteBufAllocator(LITTLE, FIRST, MOST);

  private final FrameBudget budget;

  WaryReads(FrameBudget budget) {
    this.budget = budget;
  }

  @Override
  public Handle newHandle() {
    return new WaryHandle(USUAL.newHandle());
  }

  private final class WaryHandle extends DelegatingHandle {
    private WaryHandle(Handle usual) {
      super(usual);
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return budget.isUnproven() ? allocator.ioBuffer(LITTLE) : super.allocate(allocator);
    }

    @Override
    public boolean continueReading() {
      return false;
    }
  }
}
