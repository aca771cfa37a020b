package org.osprey.coordinator.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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
  private static final int RESERVE = 10_000;
  private static final int PER_ANSWER = 4;
  private static final int ENHANCE_YOUR_CALM = 11;

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
    say(channel, RESERVE, RawHttp2.DATA, 0);
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
    for (int call = 0; call < 10 * RESERVE; call++) {
      say(channel, PER_ANSWER, RawHttp2.DATA, 30);
      channel.writeOutbound(frame(RawHttp2.HEADERS, 20));
      channel.releaseOutbound();
    }
    assertTrue(channel.isOpen());
  }

  @Test
  void whatTheProtocolHasTheServerSayIsNoAnswer() {
    EmbeddedChannel channel = begun();
    for (int i = 0; i < RESERVE; i++) {
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
    say(byClient, RESERVE / 10, RawHttp2.RST_STREAM, 4);
    assertTrue(byClient.isOpen());
    say(byClient, 1, RawHttp2.RST_STREAM, 4);
    assertFalse(byClient.isOpen());

    EmbeddedChannel byServer = begun();
    for (int i = 0; i < RESERVE / 10; i++) {
      byServer.writeOutbound(frame(RawHttp2.RST_STREAM, 4));
    }
    say(byServer, 1, RawHttp2.DATA, 9);
    assertFalse(byServer.isOpen());
  }

  @Test
  void aStreamThatTheServerHasEndedMayBeReset() {
    EmbeddedChannel channel = begun();
    for (int i = 0; i < RESERVE; i++) {
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
    say(channel, 2 * RESERVE, RawHttp2.WINDOW_UPDATE, 4);
    assertFalse(channel.isOpen());
  }

  @Test
  void largeDataIsFreeAndLargeHeadersAreDear() {
    EmbeddedChannel channel = begun();
    say(channel, 2 * RESERVE, RawHttp2.DATA, 1 << 10);
    assertTrue(channel.isOpen());
    say(channel, RESERVE / 32, RawHttp2.CONTINUATION, 1 << 14);
    assertFalse(channel.isOpen());
  }

  @Test
  void itStandsBehindTls() throws NoSuchAlgorithmException {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(false);
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new FloodGuard.Installer(connections, () -> now), new SslHandler(engine));
    channel.writeInbound(Unpooled.EMPTY_BUFFER);
    List<Class<?>> handlers = new ArrayList<>();
    channel.pipeline().forEach(entry -> handlers.add(entry.getValue().getClass()));
    assertEquals(List.of(SslHandler.class, FloodGuard.class), handlers.subList(0, 2));
    channel.checkException();
  }

  private EmbeddedChannel begun() {
    EmbeddedChannel channel = new EmbeddedChannel(new FloodGuard.Installer(connections, () -> now));
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
