package org.osprey.coordinator.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.KnownLength;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class BytesTest {
  private static final byte[] MESSAGE = "a message".repeat(10_000).getBytes(UTF_8);

  @Test
  void readsWhatItHasWritten() {
    assertArrayEquals(MESSAGE, Bytes.MARSHALLER.parse(Bytes.MARSHALLER.stream(MESSAGE)));
    assertArrayEquals(new byte[0], Bytes.MARSHALLER.parse(Bytes.MARSHALLER.stream(new byte[0])));
  }

  @Test
  void readsMessagesWhoseLengthIsNotKnownBecauseTheyCameCompressed() throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(MESSAGE);
    }
    InputStream stream = new GZIPInputStream(new ByteArrayInputStream(compressed.toByteArray()));
    assertArrayEquals(MESSAGE, Bytes.MARSHALLER.parse(stream));
  }

  @Test
  void refusesAMessageThatIsShorterThanItSays() {
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class, () -> Bytes.MARSHALLER.parse(new CutShort(MESSAGE)));
    assertEquals(Status.Code.INTERNAL, refused.getStatus().getCode());
  }

  private static final class CutShort extends ByteArrayInputStream implements KnownLength {
    CutShort(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int available() {
      return super.available() + 1;
    }
  }
}
