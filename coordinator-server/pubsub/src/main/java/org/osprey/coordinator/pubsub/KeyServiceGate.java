package org.osprey.coordinator.pubsub;

import com.google.crypto.tink.Aead;
import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.security.GeneralSecurityException;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Ticker;

/**
 * Lets a key service that is down rest: after a failure, calls fail at once until the next try is
 * due. Says once when it goes down and once when it is back.
 */
@ThreadSafe
final class KeyServiceGate implements Aead {
  private final Aead keyService;
  private final Outage outage;
  private final Ticker ticker;

  @GuardedBy("this")
  private final Backoff backoff;

  @GuardedBy("this")
  private long closedUntil;

  KeyServiceGate(Aead keyService, Outage outage, Backoff backoff, Ticker ticker) {
    this.keyService = keyService;
    this.outage = outage;
    this.backoff = backoff;
    this.ticker = ticker;
    closedUntil = ticker.nanos();
  }

  @Override
  public byte[] decrypt(byte[] encrypted, byte[] associatedData) throws GeneralSecurityException {
    if (isClosed()) {
      throw new KeyServiceException("key service is left alone after a failure");
    }
    try {
      byte[] decrypted = keyService.decrypt(encrypted, associatedData);
      answered();
      return decrypted;
    } catch (KeyServiceException e) {
      failed(e);
      throw e;
    }
  }

  @Override
  public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
    throw new GeneralSecurityException("only decrypts");
  }

  private synchronized boolean isClosed() {
    return ticker.nanos() - closedUntil < 0;
  }

  private synchronized void answered() {
    backoff.reset();
    outage.report(null);
  }

  private synchronized void failed(KeyServiceException failure) {
    if (!isClosed()) {
      closedUntil = ticker.nanos() + backoff.next().toNanos();
    }
    outage.report(failure.getMessage());
  }
}
