package example;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.contract.SourceContract;
import org.osprey.coordinator.contract.SourceRig;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Ticker;

/** The example does all that a source has to do. */
class SpoolSourceTest implements SourceContract {
  @TempDir private Path temporary;

  @Override
  public SourceRig rig() throws IOException {
    return new Rig(Files.createTempDirectory(temporary, "spool"));
  }

  private static final class Rig implements SourceRig {
    private final Path folder;
    private final AtomicInteger number = new AtomicInteger();

    private Rig(Path folder) {
      this.folder = folder;
    }

    @Override
    public Source source(DeadLetters deadLetters) {
      return source(folder, deadLetters);
    }

    @Override
    public Source misdirected(DeadLetters deadLetters) {
      return source(folder.resolve("nowhere"), deadLetters);
    }

    private static Source source(Path folder, DeadLetters deadLetters) {
      return new SpoolSource(
          folder,
          new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN),
          deadLetters,
          Ticker.system());
    }

    @Override
    public String misdirectedSetting() {
      return "spool.folder";
    }

    @Override
    public void send(byte[] data, String key, Map<String, String> attributes) {
      StringBuilder head = new StringBuilder();
      attributes.forEach(
          (name, value) -> head.append(name).append(": ").append(value).append('\n'));
      if (!key.isEmpty()) {
        head.append("key: ").append(key).append('\n');
      }
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      message.writeBytes(head.append('\n').toString().getBytes(UTF_8));
      message.writeBytes(data);
      String name = "%08d".formatted(number.incrementAndGet());
      try {
        Path draft = Files.write(folder.resolve("." + name), message.toByteArray());
        Files.move(draft, folder.resolve(name));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {}
  }
}
