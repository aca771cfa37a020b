package org.osprey.coordinator.settings;

import java.util.Locale;

/** How the components of records are written as keys. */
public enum KeyStyle {
  /** As they are: {@code maxBody}. */
  CAMEL_CASE {
    @Override
    public String key(String component) {
      return component;
    }
  },
  /** With underscores: {@code max_body}. */
  SNAKE_CASE {
    @Override
    public String key(String component) {
      return component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
  };

  public abstract String key(String component);
}
