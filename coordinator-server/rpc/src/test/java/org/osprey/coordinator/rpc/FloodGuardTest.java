package org.osprey.coordinator.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;

class FloodGuardTest {
  private static final int STREAMS = 1_000;
  private static final int FRAMES = 4 * STREAMS;
  private static final int OPENINGS = 1_250;
  private static final int PER_ANSWER = 4;
  private static final int PER_RESET = 5;
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final int LITTLE = 1 << 9;
  private static final int MOST = 1 << 14;

  private final Connections connections = new Connections("sync", 1);
  private long now;

  @Test
  void framesAreFoundHoweverTheyAreCut() {
    Random random = new Random(9);
    List<String> sent = new ArrayList<>();
    ByteBuf bytes = Unpooled.buffer().writeZero(24);
    for (int i = 0; i < 500; i++) {
      int type = random.nextInt(256);
      int flags = random.nextInt(256);
      int length = random.nextInt(4) == 0 ? 0 : random.nextInt(70_000);
      sent.add(type + ":" + flags + ":" + length);
      bytes.writeBytes(frame(type, flags, length));
    }
    List<String> found = new ArrayList<>();
    FrameScanner scanner =
        new FrameScanner(24, (type, flags, length) -> found.add(type + ":" + flags + ":" + length));
    while (bytes.isReadable()) {
      scanner.scan(bytes.readSlice(Math.min(bytes.readableBytes(), random.nextInt(20_000))));
    }
    assertEquals(sent, found);
  }

  @Test
  void whoIsNeverAnsweredIsCutWithTheReason() {
    EmbeddedChannel channel = begun();
    say(channel, FRAMES, RawHttp2.DATA, 0);
    assertTrue(channel.isOpen());
    channel.writeInbound(frame(RawHttp2.DATA, 0));
    assertFalse(channel.isOpen());
    assertNull(channel.readInbound(), "what is too much was let through");
    ByteBuf farewell = channel.readOutbound();
    assertEquals(RawHttp2.GOAWAY, farewell.getByte(3));
    assertEquals(ENHANCE_YOUR_CALM, farewell.getInt(13));
    assertNull(channel.readOutbound());
  }

  @Test
  void whoIsAnsweredGoesOnForever() {
    EmbeddedChannel channel = begun();
    for (int call = 0; call < 10 * FRAMES; call++) {
      say(channel, PER_ANSWER, RawHttp2.DATA, 30);
      channel.writeOutbound(frame(RawHttp2.HEADERS, 20));
      channel.releaseOutbound();
    }
    assertTrue(channel.isOpen());
  }

  @Test
  void whatTheProtocolHasTheServerSayIsNoAnswer() {
    EmbeddedChannel channel = begun();
    for (int i = 0; i < FRAMES; i++) {
      say(channel, 1, RawHttp2.PING, 8);
      channel.writeOutbound(frame(RawHttp2.PING, 8), frame(RawHttp2.SETTINGS, 0));
    }
    assertTrue(channel.isOpen());
    say(channel, 1, RawHttp2.PING, 8);
    assertFalse(channel.isOpen());
  }

  @Test
  void resetsAreDear() {
    EmbeddedChannel byClient = begun();
    say(byClient, OPENINGS / PER_RESET, RawHttp2.RST_STREAM, 4);
    assertTrue(byClient.isOpen());
    say(byClient, 1, RawHttp2.RST_STREAM, 4);
    assertFalse(byClient.isOpen());

    EmbeddedChannel byServer = begun();
    for (int i = 0; i <= OPENINGS / PER_RESET; i++) {
      byServer.writeOutbound(frame(RawHttp2.RST_STREAM, 4));
    }
    say(byServer, 1, RawHttp2.DATA, 9);
    assertFalse(byServer.isOpen());
  }

  @Test
  void aStreamThatTheServerHasEndedMayBeReset() {
    EmbeddedChannel channel = begun();
    for (int i = 0; i < FRAMES; i++) {
      say(channel, 2, RawHttp2.DATA, 9);
      channel.writeOutbound(frame(RawHttp2.HEADERS, RawHttp2.END_STREAM, 9));
      channel.releaseOutbound();
      say(channel, 1, RawHttp2.RST_STREAM, 4);
    }
    assertTrue(channel.isOpen());
  }

  @Test
  void timeForgives() {
    EmbeddedChannel channel = begun();
    for (int second = 0; second < 100; second++) {
      say(channel, 1_000, RawHttp2.WINDOW_UPDATE, 4);
      now += Duration.ofSeconds(1).toNanos();
    }
    assertTrue(channel.isOpen());
    say(channel, 2 * FRAMES, RawHttp2.WINDOW_UPDATE, 4);
    assertFalse(channel.isOpen());
  }

  @Test
  void largeDataIsFreeAndLargeHeadersAreDear() {
    EmbeddedChannel channel = begun();
    say(channel, 2 * FRAMES, RawHttp2.DATA, 1 << 10);
    assertTrue(channel.isOpen());
    say(channel, FRAMES / 32, RawHttp2.CONTINUATION, 1 << 14);
    assertFalse(channel.isOpen());
  }

  @Test
  void itStandsBehindTls() throws NoSuchAlgorithmException {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(false);
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new FloodGuard.Installer(connections, budget()), new SslHandler(engine));
    channel.writeInbound(Unpooled.EMPTY_BUFFER);
    List<Class<?>> handlers = new ArrayList<>();
    channel.pipeline().forEach(entry -> handlers.add(entry.getValue().getClass()));
    assertEquals(List.of(SslHandler.class, FloodGuard.class), handlers.subList(0, 2));
    channel.checkException();
  }

  @Test
  void allStreamsMayBeOpenedAtOnceAndNotManyMore() {
    EmbeddedChannel channel = begun();
    for (int call = 0; call < STREAMS; call++) {
      say(channel, 1, RawHttp2.HEADERS, 120);
      say(channel, 2, RawHttp2.DATA, 60);
    }
    assertTrue(channel.isOpen());
    say(channel, OPENINGS - STREAMS + 1, RawHttp2.HEADERS, 120);
    assertFalse(channel.isOpen());
  }

  @Test
  void allStreamsMayBeEndedAndResetAtOnce() {
    EmbeddedChannel channel = begun();
    say(channel, STREAMS, RawHttp2.HEADERS, 120);
    for (int stream = 0; stream < STREAMS; stream++) {
      channel.writeOutbound(frame(RawHttp2.HEADERS, RawHttp2.END_STREAM, 9));
      channel.releaseOutbound();
    }
    say(channel, STREAMS, RawHttp2.RST_STREAM, 4);
    say(channel, STREAMS, RawHttp2.HEADERS, 120);
    assertTrue(channel.isOpen());
  }

  @Test
  @SuppressWarnings("deprecation")
  void whoWasAnsweredAFewTimesIsReadFromAsMuchAsThereIs() {
    FrameBudget budget = budget();
    RecvByteBufAllocator.Handle reads = new WaryReads(budget).newHandle();
    reads.reset(new EmbeddedChannel().config());
    assertEquals(LITTLE, read(reads));
    for (int answer = 0; answer < 16; answer++) {
      budget.told(RawHttp2.DATA, RawHttp2.NONE, 100);
    }
    for (int times = 0; times < 10; times++) {
      read(reads);
    }
    assertEquals(MOST, read(reads));
    assertFalse(reads.continueReading(), "the others have to wait");
    for (int frame = 0; frame < 8; frame++) {
      budget.said(RawHttp2.PING, RawHttp2.NONE, 8);
    }
    assertEquals(LITTLE, read(reads));
  }

  /** As much as there was room for. */
  @SuppressWarnings("deprecation")
  private static int read(RecvByteBufAllocator.Handle reads) {
    ByteBuf bytes = reads.allocate(UnpooledByteBufAllocator.DEFAULT);
    int room = bytes.writableBytes();
    bytes.release();
    reads.attemptedBytesRead(room);
    reads.lastBytesRead(room);
    reads.incMessagesRead(1);
    reads.readComplete();
    return room;
  }

  private FrameBudget budget() {
    return new FrameBudget(STREAMS, () -> now);
  }

  private EmbeddedChannel begun() {
    EmbeddedChannel channel = new EmbeddedChannel(new FloodGuard.Installer(connections, budget()));
    channel.writeInbound(Unpooled.buffer().writeZero(24));
    return channel;
  }

  private static void say(EmbeddedChannel channel, int times, int type, int length) {
    for (int i = 0; i < times && channel.isOpen(); i++) {
      channel.writeInbound(frame(type, length));
      channel.releaseInbound();
    }
  }

  private static ByteBuf frame(int type, int length) {
    return frame(type, RawHttp2.NONE, length);
  }

  private static ByteBuf frame(int type, int flags, int length) {
    return Unpooled.buffer(9 + length)
        .writeMedium(length)
        .writeByte(type)
        .writeByte(flags)
        .writeZero(4 + length);
  }
}
