package org.osprey.coordinator.etcd;

import java.net.URI;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.osprey.coordinator.contract.AnnouncerContract;
import org.osprey.coordinator.core.Announcer;

@Execution(ExecutionMode.SAME_THREAD)
@EnabledIf("org.osprey.coordinator.etcd.EtcdServer#isInstalled")
class EtcdAnnouncerContractTest {

  @Nested
  class AsOldClientsSeeIt implements AnnouncerContract {
    @Override
    public Rig rig() throws Exception {
      return new EtcdRig(Servers.withV2(), OldClient::new);
    }
  }

  @Nested
  class AsNewClientsSeeIt implements AnnouncerContract {
    @Override
    public Rig rig() throws Exception {
      return new EtcdRig(Servers.withV2(), NewClient::new);
    }
  }

  @Nested
  class AsNewClientsSeeItWithoutV2 implements AnnouncerContract {
    @Override
    public Rig rig() throws Exception {
      return new EtcdRig(Servers.withoutV2(), NewClient::new);
    }
  }

  private static final class EtcdRig implements AnnouncerContract.Rig {
    private final EtcdAnnouncer announcer;
    private final View view;

    EtcdRig(EtcdServer server, Function<URI, View> client) {
      announcer = Servers.announcer(Servers.quick(server.url()).build());
      view = client.apply(server.url());
    }

    @Override
    public Announcer announcer() {
      return announcer;
    }

    @Override
    public Map<Integer, Boolean> lookUp(String service) throws Exception {
      return view.ports(service);
    }

    @Override
    public void close() {
      announcer.withdraw();
      view.close();
    }
  }
}
