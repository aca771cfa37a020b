package org.osprey.coordinator.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.command.Commands;
import org.osprey.coordinator.ctl.console.Console;
import org.osprey.coordinator.ctl.console.Terminal;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;

/** Runs the commands of one document, one after the other, against a coordinator that is there. */
final class Runner {
  private static final int SECONDS = 60;
  private static final Pattern ID = Pattern.compile("\"(stream_id|task_id)\"\\s*:\\s*\"([^\"]+)\"");
  private static final Pattern PLACE = Pattern.compile("<([a-z_]+)>");

  private final RunningCoordinator coordinator;
  private final Path folder;
  private final Map<String, String> seen = new HashMap<>();

  /**
   * @param folder to be in
   */
  Runner(RunningCoordinator coordinator, Path folder) {
    this.coordinator = coordinator;
    this.folder = folder;
  }

  void run(Holding.Way way, ShellCommand command) throws Exception {
    switch (way) {
      case CURL -> curl(words(command));
      case CURL_FOLLOWING -> follow(words(command));
      case GRPCURL -> grpcurl(words(command));
      case COORDCTL -> {
        if (command.inline()) {
          coordctlHelp(command.program());
        } else {
          coordctl(words(command));
        }
      }
      case COORDCTL_HELP -> coordctlHelp(command.program());
      case WEB_SOCKET -> watch(words(command).getLast());
      // Which the caller has read.
      case SETTINGS -> assertFalse(command.assignments().isEmpty());
    }
  }

  private void curl(List<String> words) throws IOException, InterruptedException {
    Process process = start(words, "--max-time", String.valueOf(SECONDS));
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), out);
    remember(out);
  }

  private void follow(List<String> words) throws IOException {
    Process process = start(words, "--max-time", "20");
    try (BufferedReader lines = process.inputReader()) {
      assertNotNull(lines.readLine(), "nothing came");
    } finally {
      process.destroy();
    }
  }

  private Process start(List<String> words, String... options) throws IOException {
    List<String> line = new ArrayList<>(List.of("curl", "-sS", "--fail-with-body"));
    line.addAll(List.of(options));
    line.addAll(words.subList(1, words.size()));
    return new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true).start();
  }

  private static void grpcurl(List<String> words) throws IOException, InterruptedException {
    int data = words.indexOf("-d");
    assertTrue(data > 0 && words.size() == 6, () -> "unusual: " + words);
    String json = words.get(data + 1);
    ManagedChannel channel = NettyChannelBuilder.forTarget(words.get(4)).usePlaintext().build();
    try {
      String answer = JsonFormat.printer().print(call(channel, words.get(5), json));
      assertTrue(answer.startsWith("{"), answer);
    } finally {
      assertTrue(channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS));
    }
  }

  private static Message call(ManagedChannel channel, String method, String json)
      throws IOException {
    return switch (method) {
      case OspreyCoordinatorSyncActionServiceGrpc.SERVICE_NAME + "/ProcessAction" ->
          OspreyCoordinatorSyncActionServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
              .processAction(read(json, ProcessActionRequest.newBuilder()).build());
      case HealthGrpc.SERVICE_NAME + "/Check" ->
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
              .check(read(json, HealthCheckRequest.newBuilder()).build());
      default -> throw new AssertionError("there is no method " + method);
    };
  }

  private static <B extends Message.Builder> B read(String json, B builder) throws IOException {
    JsonFormat.parser().merge(json, builder);
    return builder;
  }

  private void coordctl(List<String> words) {
    List<String> arguments = new ArrayList<>(words.subList(1, words.size()));
    if (arguments.getFirst().equals("top")) {
      // Or it would go on for ever.
      arguments.addAll(List.of("-n", "1"));
    }
    remember(succeeding(arguments));
  }

  /** Whether there is the command, and whether it takes what it is given. */
  private void coordctlHelp(List<String> words) {
    List<String> arguments = new ArrayList<>(words.subList(1, words.size()));
    arguments.remove("--help");
    arguments.add("--help");
    String help = succeeding(arguments);
    for (String word : arguments) {
      assertTrue(!word.startsWith("--") || help.contains(word.replaceFirst("=.*", "")), word);
    }
  }

  private String succeeding(List<String> arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream to = new PrintStream(out, true, UTF_8);
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            to,
            to,
            Terminal.NONE,
            Map.of("OSPREY_COORDINATOR_URL", "http://127.0.0.1:" + coordinator.httpPort()));
    int status = new Commands(console).run(arguments.toArray(String[]::new));
    console.flush();
    String printed = out.toString(UTF_8);
    assertEquals(0, status, printed);
    return printed;
  }

  private static void watch(String address) throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          @Override
          public @Nullable CompletionStage<?> onText(
              WebSocket socket, CharSequence data, boolean last) {
            first.complete(data.toString());
            return WebSocket.Listener.super.onText(socket, data, last);
          }
        };
    try (HttpClient client = HttpClient.newHttpClient()) {
      WebSocket socket =
          client.newWebSocketBuilder().buildAsync(URI.create(address), listener).join();
      assertFalse(first.get(SECONDS, TimeUnit.SECONDS).isEmpty());
      socket.abort();
    }
  }

  /** With the ports that are in use here, and with what earlier answers gave. */
  private List<String> words(ShellCommand command) {
    List<String> words = new ArrayList<>();
    for (String word : command.program()) {
      String here = word;
      for (Map.Entry<String, Integer> port : ports().entrySet()) {
        here = here.replace("localhost:" + port.getKey(), "127.0.0.1:" + port.getValue());
      }
      words.add(
          PLACE.matcher(here).replaceAll(place -> Matcher.quoteReplacement(known(place.group(1)))));
    }
    return words;
  }

  private String known(String name) {
    String value = seen.get(name);
    assertNotNull(value, () -> "no command before it gives a " + name);
    return value;
  }

  /** By the ports that documents name: the usual ones, and those of the orchestrators. */
  private Map<String, Integer> ports() {
    return Map.of(
        "19950", coordinator.workerPort(),
        "19951", coordinator.syncPort(),
        "19952", coordinator.httpPort(),
        "8000", coordinator.httpPort(),
        "3000", coordinator.httpPort(),
        "8001", coordinator.servicePort());
  }

  private void remember(String answer) {
    Matcher id = ID.matcher(answer);
    while (id.find()) {
      seen.put(id.group(1), id.group(2));
    }
  }
}
