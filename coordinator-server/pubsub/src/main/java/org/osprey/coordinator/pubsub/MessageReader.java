package org.osprey.coordinator.pubsub;

import com.google.protobuf.Timestamp;
import com.google.pubsub.v1.PubsubMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;

/**
 * Turns messages into actions. Encrypted ones are opened on threads of their own, many at a time,
 * because each may need a call to the key service; they keep their place in line meanwhile.
 */
final class MessageReader {
  private final MessageDecoder decoder;
  private final @Nullable Decryption decryption;
  private final ExecutorService openers;

  /**
   * @param decryption null when no key is configured
   * @param openers run {@code decryption}
   */
  MessageReader(MessageDecoder decoder, @Nullable Decryption decryption, ExecutorService openers) {
    this.decoder = decoder;
    this.decryption = decryption;
    this.openers = openers;
  }

  /** Called at the arrival of a message; never blocks. */
  void prepare(HeldMessage held) {
    Decryption configured = decryption;
    if (configured != null && isEncrypted(held.message())) {
      byte[] envelope = held.message().getData().toByteArray();
      held.setOpened(openers.submit(() -> configured.decrypt(envelope)));
    }
  }

  /**
   * @throws TimeoutException when an encrypted message is not open yet
   * @throws KeyServiceException when it cannot be opened now
   */
  Action read(HeldMessage held, Duration atMost)
      throws UndecodableException, KeyServiceException, TimeoutException, InterruptedException {
    PubsubMessage message = held.message();
    byte[] data = plaintext(held, atMost);
    Timestamp published = message.getPublishTime();
    Instant at = Instant.ofEpochSecond(published.getSeconds(), published.getNanos());
    try {
      return decoder.decode(data, message.getAttributesMap()::get, at);
    } catch (RuntimeException e) {
      // A bug of ours must not hold up the others.
      throw new UndecodableException("decoder failed: " + e.getClass().getSimpleName(), e);
    }
  }

  private static boolean isEncrypted(PubsubMessage message) {
    return "true".equals(message.getAttributesMap().get("encrypted"));
  }

  private static byte[] plaintext(HeldMessage held, Duration atMost)
      throws UndecodableException, KeyServiceException, TimeoutException, InterruptedException {
    Future<byte[]> opened = held.opened();
    if (opened != null) {
      return open(opened, atMost);
    }
    if (isEncrypted(held.message())) {
      throw new UndecodableException("has encrypted=true, but pubsub.encryptionKeyUri is not set");
    }
    return held.message().getData().toByteArray();
  }

  private static byte[] open(Future<byte[]> opened, Duration atMost)
      throws UndecodableException, KeyServiceException, TimeoutException, InterruptedException {
    try {
      return opened.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case UndecodableException undecodable -> throw undecodable;
        case KeyServiceException later -> throw later;
        case null, default -> throw new KeyServiceException("opening failed", e);
      }
    }
  }
}
