package org.osprey.coordinator.pubsub;

import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the credentials for Google's services: a service account's key, or the default ones. */
final class Credentials {
  private static final List<String> SCOPES =
      List.of("https://www.googleapis.com/auth/pubsub", "https://www.googleapis.com/auth/cloudkms");

  private final @Nullable Path serviceAccountFile;

  Credentials(@Nullable Path serviceAccountFile) {
    this.serviceAccountFile = serviceAccountFile;
  }

  /**
   * Reads the file, or looks for the default credentials, which may ask the network.
   *
   * @throws IOException naming the setting
   */
  GoogleCredentials load() throws IOException {
    try {
      return found().createScoped(SCOPES);
    } catch (IOException e) {
      throw new IOException(setting() + ": " + e.getMessage(), e);
    }
  }

  String setting() {
    return serviceAccountFile == null
        ? "pubsub.serviceAccountFile is not set, and the application default credentials"
        : "pubsub.serviceAccountFile=" + serviceAccountFile;
  }

  private GoogleCredentials found() throws IOException {
    if (serviceAccountFile == null) {
      return GoogleCredentials.getApplicationDefault();
    }
    try (InputStream file = Files.newInputStream(serviceAccountFile)) {
      return GoogleCredentials.fromStream(file);
    }
  }
}
