package org.osprey.coordinator.security;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** By what a client certificate names its owner. */
final class CertificateNames {
  private static final int DNS = 2;
  private static final int URI = 6;

  private CertificateNames() {}

  /** DNS names and URIs of the alternatives, then the common name. */
  static List<String> of(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      alternatives(certificate.getSubjectAlternativeNames(), names);
      new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase("CN"))
              .forEach(part -> names.add(String.valueOf(part.getValue())));
    } catch (CertificateParsingException | InvalidNameException e) {
      return List.of();
    }
    return names;
  }

  private static void alternatives(Collection<List<?>> alternatives, List<String> names) {
    if (alternatives == null) {
      return;
    }
    for (List<?> alternative : alternatives) {
      if (alternative.getFirst() instanceof Integer kind && (kind == DNS || kind == URI)) {
        names.add(String.valueOf(alternative.get(1)));
      }
    }
  }
}
