package org.osprey.coordinator.pubsub;

import com.google.api.client.googleapis.javanet.GoogleNetHttpTransport;
import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.cloudkms.v1.CloudKMS;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.integration.gcpkms.GcpKmsAead;
import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A key in Google's key management service, reached over REST. Opened by the first message that
 * needs it, so that nobody needs the service who has no encrypted messages.
 */
@ThreadSafe
final class CloudKey implements Aead {
  private static final String SCHEME = "gcp-kms://";

  /** What the service says about bytes that no version of the key has encrypted. */
  private static final int BAD_REQUEST = 400;

  private final String uri;
  private final @Nullable String rootUrl;
  private final Duration timeout;
  private final Authorization authorization;

  /** Finds what authorizes requests; may ask the network. */
  @FunctionalInterface
  interface Authorization {
    HttpRequestInitializer find() throws IOException;
  }

  @GuardedBy("this")
  private @Nullable Aead opened;

  /**
   * @param uri {@code gcp-kms://projects/…}
   * @param rootUrl where the service is; null for Google's
   * @param timeout to connect, and for an answer
   */
  CloudKey(String uri, @Nullable String rootUrl, Duration timeout, Authorization authorization) {
    this.uri = uri;
    this.rootUrl = rootUrl;
    this.timeout = timeout;
    this.authorization = authorization;
  }

  @Override
  public byte[] decrypt(byte[] encrypted, byte[] associatedData) throws GeneralSecurityException {
    try {
      return key().decrypt(encrypted, associatedData);
    } catch (IOException e) {
      throw new KeyServiceException(named("cannot be opened: " + e.getMessage()), e);
    } catch (GeneralSecurityException e) {
      if (isAboutTheBytes(e)) {
        throw e;
      }
      throw new KeyServiceException(named(reason(e.getCause())), e);
    }
  }

  @Override
  public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
    throw new GeneralSecurityException("only decrypts");
  }

  private synchronized Aead key() throws IOException, GeneralSecurityException {
    if (opened == null) {
      opened =
          GcpKmsAead.builder()
              .setKeyName(uri.substring(SCHEME.length()))
              .setCloudKms(service())
              .build();
    }
    return opened;
  }

  private CloudKMS service() throws IOException, GeneralSecurityException {
    HttpRequestInitializer authorized = authorization.find();
    CloudKMS.Builder builder =
        new CloudKMS.Builder(
                GoogleNetHttpTransport.newTrustedTransport(),
                GsonFactory.getDefaultInstance(),
                request -> {
                  authorized.initialize(request);
                  request.setConnectTimeout(Math.toIntExact(timeout.toMillis()));
                  request.setReadTimeout(Math.toIntExact(timeout.toMillis()));
                })
            .setApplicationName("osprey-coordinator");
    return rootUrl == null ? builder.build() : builder.setRootUrl(rootUrl).build();
  }

  /** Anything else, such as a key that is disabled or not ours to use, an operator can mend. */
  private static boolean isAboutTheBytes(GeneralSecurityException failure) {
    return failure.getCause() instanceof GoogleJsonResponseException answer
        && answer.getStatusCode() == BAD_REQUEST
        && !"FAILED_PRECONDITION".equals(status(answer));
  }

  private static String reason(@Nullable Throwable cause) {
    if (cause instanceof GoogleJsonResponseException answer) {
      return "the key service answers " + answer.getStatusCode() + " " + status(answer);
    }
    return "the key service does not answer: "
        + (cause == null ? "no reason given" : cause.getClass().getSimpleName());
  }

  private static String status(GoogleJsonResponseException answer) {
    GoogleJsonError details = answer.getDetails();
    return details == null ? "" : String.valueOf(details.get("status"));
  }

  private String named(String what) {
    return "pubsub.encryptionKeyUri=" + uri + ": " + what;
  }
}
