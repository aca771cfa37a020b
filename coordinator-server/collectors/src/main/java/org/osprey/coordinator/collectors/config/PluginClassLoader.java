package org.osprey.coordinator.collectors.config;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.osprey.coordinator.collector.CollectorKind;

/**
 * The classes of one jar, which see each other, the JDK, what a collector is made against, and the
 * log. Never closed: a collector may load a class at any time.
 */
final class PluginClassLoader extends URLClassLoader {
  static final String SERVICES = "META-INF/services/" + CollectorKind.class.getName();

  static {
    registerAsParallelCapable();
  }

  private PluginClassLoader(URL jar, ClassLoader parent) {
    super(new URL[] {jar}, parent);
  }

  /**
   * @param app has what plugins share with the coordinator
   */
  static ClassLoader of(Path jar, ClassLoader app) {
    try {
      return new PluginClassLoader(jar.toUri().toURL(), new Shared(app));
    } catch (MalformedURLException e) {
      throw new IllegalStateException("a path is no URL: " + jar, e);
    }
  }

  /** What the coordinator shows of itself. Its resources are not shown: they name its services. */
  private static final class Shared extends ClassLoader {
    private static final String SPI = CollectorKind.class.getPackageName() + ".";
    private static final String LOG = "org.slf4j.";

    private final ClassLoader app;

    Shared(ClassLoader app) {
      super(ClassLoader.getPlatformClassLoader());
      this.app = app;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith(SPI) || name.startsWith(LOG)) {
        return app.loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }
}
