package org.osprey.coordinator.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Announcer.Endpoint;
import org.osprey.coordinator.etcd.EtcdSettings.Credentials;
import org.osprey.coordinator.etcd.EtcdSettings.Tls;

/** Servers that want to know who asks, or that are to be known themselves. */
@EnabledIf("org.osprey.coordinator.etcd.EtcdServer#isInstalled")
class EtcdSecurityTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final ByteSequence ROOT = ByteSequence.from("root", UTF_8);
  private static final ByteSequence PASSWORD = ByteSequence.from("secret", UTF_8);

  @TempDir Path folder;

  @Test
  void aUserWithPasswordAnnounces() throws Exception {
    try (EtcdServer etcd = EtcdServer.startWithoutV2()) {
      enableAuthentication(etcd);
      EtcdSettings.Builder settings = Servers.quick(etcd.url());
      announces(settings.credentials(new Credentials("root", "secret")).build());
      failsNaming("etcd.user", settings.credentials(new Credentials("root", "wrong")).build());
      failsNaming("etcd.user", settings.credentials(null).build());
    }
  }

  @Test
  void whatOneStoreRefusesTheOtherTakes() throws Exception {
    try (EtcdServer etcd = EtcdServer.startWithV2()) {
      enableAuthentication(etcd);
      EtcdAnnouncer announcer = Servers.announcer(Servers.quick(etcd.url()).build());
      announcer.announce(List.of(new Endpoint("security", 1)));
      try (OldClient old = new OldClient(etcd.url())) {
        await().atMost(PATIENCE).until(() -> announcer.check().detail().contains("v3: etcd.user"));
        await().atMost(PATIENCE).until(() -> old.ports("security").equals(Map.of(1, false)));
        announcer.withdraw();
        assertEquals(Map.of(), old.ports("security"));
      } finally {
        announcer.withdraw();
      }
    }
  }

  @Test
  void bothStoresAreAnnouncedToOverTls() throws Exception {
    TestCertificate own = TestCertificate.create(folder, "server");
    TestCertificate ours = TestCertificate.create(folder, "client");
    try (EtcdServer etcd =
        EtcdServer.start(
            "--enable-v2",
            "--cert-file=" + own.cert(),
            "--key-file=" + own.key(),
            "--client-cert-auth",
            "--trusted-ca-file=" + ours.cert())) {
      EtcdSettings.Builder settings = Servers.quick(etcd.url());
      announces(settings.tls(new Tls(own.cert(), ours.cert(), ours.key())).build());
      failsNaming("etcd.", settings.tls(new Tls(own.cert(), null, null)).build());
      failsNaming("etcd.tls", settings.tls(null).build());
      failsNaming(
          "etcd.tls: cannot read", settings.tls(new Tls(folder.resolve("no"), null, null)).build());
    }
  }

  private static void announces(EtcdSettings settings) {
    EtcdAnnouncer announcer = Servers.announcer(settings);
    announcer.announce(List.of(new Endpoint("security", 1)));
    try {
      await().atMost(PATIENCE).until(() -> announcer.check().healthy());
    } finally {
      announcer.withdraw();
    }
    assertFalse(announcer.check().healthy());
  }

  private static void failsNaming(String setting, EtcdSettings settings) {
    EtcdAnnouncer announcer = Servers.announcer(settings);
    announcer.announce(List.of(new Endpoint("security", 1)));
    try {
      await().atMost(PATIENCE).until(() -> announcer.check().detail().contains("v3: " + setting));
      assertFalse(announcer.check().healthy());
      assertFalse(announcer.check().detail().contains("secret"));
    } finally {
      announcer.withdraw();
    }
  }

  private static void enableAuthentication(EtcdServer etcd) throws Exception {
    try (Client client = Client.builder().target("dns:///" + etcd.url().getAuthority()).build()) {
      Auth auth = client.getAuthClient();
      auth.roleAdd(ROOT).get();
      auth.userAdd(ROOT, PASSWORD).get();
      auth.userGrantRole(ROOT, ROOT).get();
      auth.authEnable().get();
    }
    assertTrue(etcd.isRunning());
  }
}
