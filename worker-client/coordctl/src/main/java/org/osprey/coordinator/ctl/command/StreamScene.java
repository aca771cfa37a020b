package org.osprey.coordinator.ctl.command;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A scene as {@code --scene} names it: {@code Intro=3s}. */
record StreamScene(String name, Duration duration) {

  /** Reads one. */
  static final class Reader implements ITypeConverter<StreamScene> {
    @Override
    public StreamScene convert(String text) {
      int end = text.lastIndexOf('=');
      if (end < 1) {
        throw new TypeConversionException(
            "want a name and a duration such as Intro=3s, got '" + text + "'");
      }
      return new StreamScene(text.substring(0, end), new Times().convert(text.substring(end + 1)));
    }
  }
}
