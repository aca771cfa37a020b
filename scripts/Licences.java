import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Copies the licences and notices that jars carry into a folder for each jar. Arguments: the folder of the jars, the
 * folder to write to.
 */
final class Licences {
  private static final Pattern TEXT =
      Pattern.compile(
          "(META-INF/(.*/)?)?[^/]*(LICEN[CS]E|NOTICE|COPYING)[^/]*", Pattern.CASE_INSENSITIVE);

  public static void main(String[] arguments) throws IOException {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of(arguments[0]), "*.jar")) {
      for (Path jar : jars) {
        String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
        copy(jar, Path.of(arguments[1]).resolve(name));
      }
    }
  }

  private static void copy(Path jar, Path folder) throws IOException {
    try (ZipFile file = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : file.stream().filter(Licences::isText).toList()) {
        // Several folders of a jar may have a file of one name.
        Path target = folder.resolve(entry.getName().replaceFirst("^META-INF/", "").replace('/', '-'));
        Files.createDirectories(folder);
        try (InputStream text = file.getInputStream(entry)) {
          Files.write(target, text.readAllBytes());
        }
      }
    }
  }

  private static boolean isText(ZipEntry entry) {
    return !entry.isDirectory()
        && !entry.getName().endsWith(".class")
        && TEXT.matcher(entry.getName()).matches();
  }
}
