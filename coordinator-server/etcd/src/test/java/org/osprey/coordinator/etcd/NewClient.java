package org.osprey.coordinator.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Finds coordinators in the v3 store. */
final class NewClient implements View {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Client client;

  NewClient(URI etcd) {
    client = Client.builder().target("dns:///" + etcd.getAuthority()).waitForReady(false).build();
  }

  @Override
  public List<Seen> lookUp(String service) throws Exception {
    return entries(service).stream().map(NewClient::instance).toList();
  }

  @Override
  public void delete(String key) throws Exception {
    soon(client.getKVClient().delete(bytes(key)));
  }

  @Override
  public void close() {
    client.close();
  }

  void put(String key, String value) throws Exception {
    soon(client.getKVClient().put(bytes(key), bytes(value)));
  }

  /** The leases of the service's keys. */
  List<Long> leases(String service) throws Exception {
    return entries(service).stream().map(KeyValue::getLease).distinct().toList();
  }

  void revoke(long lease) throws Exception {
    soon(client.getLeaseClient().revoke(lease));
  }

  /** Seconds; below 0 when the lease is gone. */
  long timeToLive(long lease) throws Exception {
    return soon(client.getLeaseClient().timeToLive(lease, LeaseOption.DEFAULT)).getTTL();
  }

  private List<KeyValue> entries(String service) throws Exception {
    ByteSequence prefix = bytes("/discovery/" + service + "/instances/");
    GetOption all = GetOption.builder().isPrefix(true).build();
    return soon(client.getKVClient().get(prefix, all)).getKvs();
  }

  private static Seen instance(KeyValue entry) {
    JsonNode value = JSON.readTree(entry.getValue().toString());
    JsonNode ip = value.get("ip");
    return new Seen(
        entry.getKey().toString(),
        entry.getValue().toString(),
        (ip.isNull() ? value.get("address") : ip).asString(),
        value.get("ports").get("grpc").asInt(),
        value.get("draining").asBoolean());
  }

  private static <T> T soon(CompletableFuture<T> answer) throws Exception {
    return answer.get(60, TimeUnit.SECONDS);
  }

  private static ByteSequence bytes(String text) {
    return ByteSequence.from(text, UTF_8);
  }
}
