package org.osprey.coordinator.ctl;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc.OspreyCoordinatorSyncActionServiceImplBase;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;

/** Who is believed, who is let in, and what is said when not. */
@Timeout(60)
class TlsTest {
  @TempDir private static Path folder;
  private static TestCertificate server;
  private static TestCertificate elsewhere;
  private static TestCertificate old;
  private static TestCertificate client;

  @BeforeAll
  static void makeCertificates() throws Exception {
    server = TestCertificate.create(folder, "server", "ip:127.0.0.1");
    elsewhere = TestCertificate.create(folder, "elsewhere", "dns:elsewhere.example");
    old =
        TestCertificate.create(
            folder, "old", "ip:127.0.0.1", "-startdate", "-9d", "-validity", "2");
    client = TestCertificate.create(folder, "client", "dns:client");
  }

  @Test
  void theFileOfAnAuthorityIsBelieved() throws IOException {
    try (FakeCoordinator fake = fake(server)) {
      String ca = server.ca().toString();
      assertEquals(0, ask(fake, "--ca-file", ca).status());
      Shell shell = new Shell().variable("OSPREY_COORDINATOR_CA_FILE", ca);
      assertEquals(0, shell.run("queue", "--url", fake.url()).status());
    }
  }

  @Test
  void nobodyElseIs() throws IOException {
    try (FakeCoordinator fake = fake(server)) {
      String line =
          "the certificate of %s is from nobody who is trusted"
              + " (--ca-file or OSPREY_COORDINATOR_CA_FILE name the authority to trust)";
      assertEquals(error(3, line.formatted(fake.url())), ask(fake));
      assertEquals(
          error(3, line.formatted(fake.url())), ask(fake, "--ca-file", client.ca().toString()));
      assertEquals(List.of(), fake.requests());
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefused() throws IOException {
    try (FakeCoordinator fake = fake(elsewhere)) {
      Shell.Run run = ask(fake, "--ca-file", elsewhere.ca().toString());
      assertEquals(3, run.status());
      assertTrue(
          run.err()
              .startsWith("coordctl: the certificate of " + fake.url() + " is for another name"),
          run.err());
      assertEquals(1, run.err().lines().count());
    }
  }

  @Test
  void anExpiredCertificateIsRefused() throws IOException {
    try (FakeCoordinator fake = fake(old)) {
      assertEquals(
          error(3, "the certificate of %s is expired or not valid yet".formatted(fake.url())),
          ask(fake, "--ca-file", old.ca().toString()));
    }
  }

  @Test
  void aCertificateLetsItsOwnerIn() throws IOException {
    try (FakeCoordinator fake = FakeCoordinator.tls(server.serverFor(client), true)) {
      fake.answering("/api/queue", 200, "application/json", "{}");
      String ca = server.ca().toString();
      Shell.Run let =
          ask(
              fake,
              "--ca-file",
              ca,
              "--certificate",
              client.chain().toString(),
              "--key",
              client.key().toString());
      assertEquals(0, let.status(), let.err());
      Shell.Run refused = ask(fake, "--ca-file", ca);
      assertEquals(3, refused.status(), refused.err());
      assertTrue(
          refused.err().contains("(--certificate and --key name the certificate that it may want)"),
          refused.err());
      assertEquals(1, fake.requests().size());
    }
  }

  @Test
  void aPortWithoutTlsIsNamed() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answer = Thread.ofVirtual().start(() -> refuse(plain));
      Shell.Run run =
          new Shell().run("queue", "--url", "https://127.0.0.1:" + plain.getLocalPort());
      assertEquals(3, run.status());
      assertTrue(run.err().contains("(a port without TLS wants http://)"), run.err());
      answer.join();
    }
  }

  @Test
  void aTlsPortIsNoCoordinatorToPlainHttp() throws IOException {
    try (FakeCoordinator fake = fake(server)) {
      Shell.Run run = new Shell().run("queue", "--url", "http://127.0.0.1:" + fake.port());
      assertEquals(4, run.status());
      assertTrue(run.err().contains("https://"), run.err());
    }
  }

  @Test
  void filesThatAreSomethingElseAreBadUsage() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "no PEM");
    String url = "https://127.0.0.1:1";
    assertEquals(
        error(2, "--ca-file: want PEM certificates, got " + text),
        new Shell().run("queue", "--url", url, "--ca-file", text.toString()));
    String chain = client.chain().toString();
    assertEquals(
        error(2, "--certificate and --key: want both or none, got one"),
        new Shell().run("queue", "--url", url, "--certificate", chain));
    assertEquals(
        error(
            2,
            "--certificate, --key: want a PEM chain and its key in PKCS #8 without a password,"
                + " got %s and %s".formatted(chain, text)),
        new Shell().run("queue", "--url", url, "--certificate", chain, "--key", text.toString()));
  }

  @Test
  void loadShowsItselfToTheSyncPort() throws Exception {
    Set<String> callers = ConcurrentHashMap.newKeySet();
    Server sync = syncPort(callers).start();
    try {
      Path token = Files.writeString(folder.resolve("token"), "of-load");
      List<String> words = new ArrayList<>(List.of("load", "--url", "https://127.0.0.1:1"));
      words.addAll(List.of("--target", "127.0.0.1:" + sync.getPort()));
      words.addAll(List.of("--callers", "1", "--warm-up", "0s", "--duration", "2s"));
      words.addAll(List.of("--token-file", token.toString()));
      Shell.Run untrusting = new Shell().run(words.toArray(String[]::new));
      assertEquals(3, untrusting.status());
      assertTrue(untrusting.err().contains("with TLS (--target names another"), untrusting.err());
      assertEquals(Set.of(), callers);
      words.addAll(List.of("--ca-file", server.ca().toString()));
      Shell.Run run = new Shell().run(words.toArray(String[]::new));
      assertEquals(0, run.status(), run.err() + run.out());
      assertEquals(Set.of("Bearer of-load"), callers);
    } finally {
      sync.shutdownNow();
    }
  }

  private static Server syncPort(Set<String> callers) throws IOException {
    Metadata.Key<String> key = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    ServerInterceptor note =
        new ServerInterceptor() {
          @Override
          public <Q, A> ServerCall.Listener<Q> interceptCall(
              ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            callers.add(String.valueOf(headers.get(key)));
            return next.startCall(call, headers);
          }
        };
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .sslContext(GrpcSslContexts.configure(server.builder(), SslProvider.JDK).build())
        .addService(ServerInterceptors.intercept(new Answering(), note))
        .build();
  }

  private static final class Answering extends OspreyCoordinatorSyncActionServiceImplBase {
    @Override
    public void processAction(
        ProcessActionRequest request, StreamObserver<ProcessActionResponse> answer) {
      answer.onNext(ProcessActionResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }

  private static void refuse(ServerSocket plain) {
    try (Socket caller = plain.accept()) {
      int ignored = caller.getInputStream().read();
      caller.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
      caller.shutdownOutput();
      caller.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static FakeCoordinator fake(TestCertificate certificate) throws IOException {
    return FakeCoordinator.tls(certificate.server(), false)
        .answering("/api/queue", 200, "application/json", "{}");
  }

  private static Shell.Run ask(FakeCoordinator fake, String... more) {
    List<String> words = new ArrayList<>(List.of("queue", "--url", fake.url()));
    words.addAll(List.of(more));
    return new Shell().run(words.toArray(String[]::new));
  }

  private static Shell.Run error(int status, String line) {
    return new Shell.Run(status, "", "coordctl: " + line + System.lineSeparator());
  }
}
