package org.osprey.coordinator.ctl.console;

/** The screen and keyboard, if there are any. */
public interface Terminal {

  /** Output that goes into a file or a pipe. */
  Terminal NONE = () -> Size.NONE;

  /**
   * @param columns 0 without a terminal
   * @param rows 0 without a terminal
   */
  record Size(int columns, int rows) {
    public static final Size NONE = new Size(0, 0);
  }

  /** As it is now; people drag their windows. */
  Size size();

  default boolean present() {
    return size().columns() > 0;
  }

  /** From now on keys come one by one and are not shown, until the result is closed. */
  default Restore readKeys() {
    return () -> {};
  }

  /** Puts the terminal back as it was. May be repeated, from any thread. */
  @FunctionalInterface
  interface Restore extends AutoCloseable {
    @Override
    void close();
  }
}
