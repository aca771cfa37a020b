package org.osprey.coordinator.pubsub;

import com.google.crypto.tink.Aead;
import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osprey.coordinator.core.Ticker;

/**
 * Remembers decrypted data keys for a short time, because a call to the key service costs money and
 * some ten milliseconds and there are producers that use one data key for many messages.
 */
@ThreadSafe
final class DataKeyCache implements Aead {
  private static final int MOST_KEYS = 1000;
  private static final Duration LONGEST_AGE = Duration.ofMinutes(5);

  private final Aead keyService;
  private final Ticker ticker;

  /** In the order of their age. */
  @GuardedBy("this")
  private final Map<ByteBuffer, DataKey> keys = new LinkedHashMap<>();

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record DataKey(byte[] bytes, long at) {}

  DataKeyCache(Aead keyService, Ticker ticker) {
    this.keyService = keyService;
    this.ticker = ticker;
  }

  @Override
  public byte[] decrypt(byte[] encrypted, byte[] associatedData) throws GeneralSecurityException {
    ByteBuffer name = ByteBuffer.wrap(encrypted);
    synchronized (this) {
      forgetOld();
      DataKey known = keys.get(name);
      if (known != null) {
        return known.bytes();
      }
    }
    byte[] bytes = keyService.decrypt(encrypted, associatedData);
    synchronized (this) {
      keys.putIfAbsent(name, new DataKey(bytes, ticker.nanos()));
    }
    return bytes;
  }

  @Override
  public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
    throw new GeneralSecurityException("only decrypts");
  }

  @GuardedBy("this")
  private void forgetOld() {
    long now = ticker.nanos();
    Iterator<DataKey> oldest = keys.values().iterator();
    while (oldest.hasNext()) {
      DataKey key = oldest.next();
      if (keys.size() < MOST_KEYS && now - key.at() < LONGEST_AGE.toNanos()) {
        return;
      }
      oldest.remove();
    }
  }
}
