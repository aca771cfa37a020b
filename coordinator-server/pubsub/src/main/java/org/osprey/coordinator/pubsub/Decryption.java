package org.osprey.coordinator.pubsub;

import org.osprey.coordinator.codec.UndecodableException;

/** Opens encrypted messages. Thread-safe. */
interface Decryption {

  /**
   * May ask a key service, within a bounded time.
   *
   * @throws UndecodableException when this message can never be opened
   * @throws KeyServiceException when it may succeed later
   */
  byte[] decrypt(byte[] envelope) throws UndecodableException, KeyServiceException;
}
