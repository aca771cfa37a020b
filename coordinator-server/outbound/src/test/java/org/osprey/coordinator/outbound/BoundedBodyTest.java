package org.osprey.coordinator.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class BoundedBodyTest {
  private final BoundedBody body = new BoundedBody(10);
  private final CompletableFuture<byte[]> read = body.getBody().toCompletableFuture();
  private long requested;
  private boolean cancelled;

  private BoundedBodyTest() {
    body.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long parts) {
            requested += parts;
          }

          @Override
          public void cancel() {
            cancelled = true;
          }
        });
  }

  private void receive(String... parts) {
    body.onNext(
        List.of(parts).stream().map(part -> ByteBuffer.wrap(part.getBytes(UTF_8))).toList());
  }

  @Test
  void isWholeAtTheLimit() {
    receive("012", "34");
    receive("56789");
    assertFalse(read.isDone());
    body.onComplete();
    assertArrayEquals("0123456789".getBytes(UTF_8), read.join());
    assertEquals(3, requested);
    assertFalse(cancelled);
  }

  @Test
  void endsTheExchangeBeyondIt() {
    receive("01234");
    receive("56789", "!");
    assertTrue(cancelled);
    assertEquals(2, requested);
    Throwable cause = assertThrows(CompletionException.class, read::join).getCause();
    assertEquals(
        "the answer is longer than 10 bytes",
        assertInstanceOf(TooLongException.class, cause).getMessage());
  }

  @Test
  void failsWithTheExchange() {
    IOException broken = new IOException("broken");
    body.onError(broken);
    assertEquals(broken, assertThrows(CompletionException.class, read::join).getCause());
  }
}
