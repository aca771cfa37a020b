package org.osprey.coordinator.ctl.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version, as the build wrote it down. */
final class Version implements IVersionProvider {
  private static final String FILE = "/coordctl.properties";

  @Override
  public String[] getVersion() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Objects.requireNonNull(Version.class.getResourceAsStream(FILE), FILE)) {
      properties.load(in);
    }
    return new String[] {"coordctl " + properties.getProperty("version")};
  }
}
