package org.osprey.coordinator.ctl.api;

import java.net.URI;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;
import org.osprey.coordinator.ctl.text.Cell;

/** Says why there is no trust between a caller and a coordinator. Nothing was sent then. */
final class TlsFailure {
  private TlsFailure() {}

  /** Empty when it is something else. */
  static Optional<Failure> of(URI base, Throwable cause) {
    return find(cause, SSLException.class)
        .map(failure -> new Failure(Exit.NO_CONNECTION, line(base, failure)));
  }

  private static String line(URI base, SSLException failure) {
    if (has(failure, CertificateExpiredException.class)
        || has(failure, CertificateNotYetValidException.class)) {
      return "the certificate of %s is expired or not valid yet".formatted(base);
    }
    if (has(failure, CertPathBuilderException.class)
        || has(failure, CertPathValidatorException.class)) {
      return "the certificate of %s is from nobody who is trusted".formatted(base)
          + " (--ca-file or OSPREY_COORDINATOR_CA_FILE name the authority to trust)";
    }
    if (has(failure, CertificateException.class)) {
      return "the certificate of %s is for another name (--url: want a name that it has): %s"
          .formatted(base, text(failure));
    }
    if (text(failure).contains("alert")) {
      return "%s refused the TLS handshake: %s".formatted(base, text(failure))
          + " (--certificate and --key name the certificate that it may want)";
    }
    return "no TLS with %s: %s (a port without TLS wants http://)".formatted(base, text(failure));
  }

  private static String text(Throwable failure) {
    return Cell.clean(String.valueOf(failure.getMessage()));
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    return find(failure, kind).isPresent();
  }

  private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> kind) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return Optional.of(kind.cast(cause));
      }
    }
    return Optional.empty();
  }
}
