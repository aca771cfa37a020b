package org.osprey.coordinator.worker;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** Proves who the worker is with the token in a file, as it is there when a stream opens. */
final class TokenFile extends CallCredentials {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final Path file;

  TokenFile(Path file) {
    this.file = file;
  }

  /**
   * @throws IllegalArgumentException when it holds no token now; never with what it holds
   */
  void check() {
    try {
      String ignored = token();
    } catch (IOException e) {
      throw new IllegalArgumentException(reason(e), e);
    }
  }

  /** Not on the thread that calls, which may be the event loop. */
  @Override
  public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
    Thread.startVirtualThread(() -> apply(applier));
  }

  private void apply(MetadataApplier applier) {
    try {
      Metadata headers = new Metadata();
      headers.put(AUTHORIZATION, "Bearer " + token());
      applier.apply(headers);
    } catch (IOException e) {
      applier.fail(Status.UNAUTHENTICATED.withDescription(reason(e)));
    } catch (IllegalArgumentException e) {
      applier.fail(Status.UNAUTHENTICATED.withDescription(e.getMessage()));
    }
  }

  private String token() throws IOException {
    String text = Files.readString(file).strip();
    if (!text.matches("[!-~]+")) {
      throw new IllegalArgumentException(
          "tokenFile: expected one token of printable ASCII in " + file);
    }
    return text;
  }

  private String reason(IOException failure) {
    return "tokenFile: cannot read %s (%s)".formatted(file, failure.getClass().getSimpleName());
  }
}
