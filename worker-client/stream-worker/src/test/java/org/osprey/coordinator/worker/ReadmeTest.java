package org.osprey.coordinator.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  @Test
  void showsTheExampleThatIsCompiledHere() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/org/osprey/coordinator/worker/ReadmeExample.java"));
    String shown = source.substring(source.indexOf("final class"));
    assertTrue(readme().contains("```java\n" + shown + "```"));
  }

  @Test
  void theExampleAnswers() {
    ReceivedAction action =
        ReceivedAction.of(
            ScriptedCoordinator.action(1, "user_login")
                .setJsonActionData(ByteString.copyFromUtf8("{\"ip_address\":\"192.168.1.1\"}"))
                .build());
    assertEquals(Answer.verdicts("internal_ip"), ReadmeExample.handle(action));
  }

  @Test
  void namesEverySetting() throws IOException {
    String readme = readme();
    List<String> unnamed =
        Arrays.stream(StreamWorkerBuilder.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .map(method -> method.getName())
            .filter(name -> !name.equals("build"))
            .filter(name -> !readme.contains("| `" + name + "` |"))
            .toList();
    assertEquals(List.of(), unnamed);
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of("README.md"));
  }
}
