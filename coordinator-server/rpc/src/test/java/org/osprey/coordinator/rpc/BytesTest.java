package org.osprey.coordinator.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.KnownLength;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 200, 16_384, 16_385, 100_000})
  void readsAllThereIs(int length) {
    byte[] message = new byte[length];
    new Random(length).nextBytes(message);

    assertArrayEquals(message, Bytes.MARSHALLER.parse(Bytes.MARSHALLER.stream(message)));
    assertArrayEquals(message, Bytes.MARSHALLER.parse(new OfKnownLength(message)));
    assertArrayEquals(message, Bytes.MARSHALLER.parse(new ByteArrayInputStream(message)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMessageThatIsCutShortIsAnError(boolean lengthIsKnown) {
    InputStream known = new Broken(new byte[9]);
    InputStream broken = lengthIsKnown ? known : new SequenceInputStream(known, known);

    assertThrows(StatusRuntimeException.class, () -> Bytes.MARSHALLER.parse(broken));
  }

  /** Gives a few bytes at a time, as frames do. */
  private static class OfKnownLength extends InputStream implements KnownLength {
    private final ByteArrayInputStream bytes;

    OfKnownLength(byte[] message) {
      bytes = new ByteArrayInputStream(message);
    }

    @Override
    public int read() throws IOException {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return bytes.read(target, offset, Math.min(length, 1000));
    }

    @Override
    public int available() {
      return bytes.available();
    }
  }

  private static final class Broken extends OfKnownLength {
    Broken(byte[] message) {
      super(message);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      throw new IOException("cut");
    }
  }
}
