package org.osprey.coordinator.pubsub;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.aead.KmsEnvelopeAead;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.security.GeneralSecurityException;
import org.osprey.coordinator.codec.UndecodableException;

/**
 * Tink's envelope: length and bytes of the encrypted data key, then the payload under that key with
 * AES-GCM and empty associated data.
 */
final class TinkEnvelope implements Decryption {
  private static final byte[] NO_ASSOCIATED_DATA = {};

  private final Aead envelope;

  /**
   * @param keyEncryptionKey decrypts data keys; throws {@link KeyServiceException} when it cannot
   *     tell whether they are good
   */
  TinkEnvelope(Aead keyEncryptionKey) {
    try {
      // The parameters are for encryption; to decrypt, a data key of any size will do.
      envelope = KmsEnvelopeAead.create(PredefinedAeadParameters.AES256_GCM, keyEncryptionKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink has no AES-GCM", e);
    }
  }

  @Override
  public byte[] decrypt(byte[] bytes) throws UndecodableException, KeyServiceException {
    try {
      return Base64Text.decodeOrKeep(envelope.decrypt(bytes, NO_ASSOCIATED_DATA));
    } catch (KeyServiceException e) {
      throw e;
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new UndecodableException("cannot be decrypted: " + e.getMessage(), e);
    }
  }
}
