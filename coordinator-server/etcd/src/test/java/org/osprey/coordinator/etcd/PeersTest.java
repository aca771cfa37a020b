package org.osprey.coordinator.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PeersTest {
  private static final URI A = URI.create("http://a:1");
  private static final URI B = URI.create("http://b:1");
  private static final URI C = URI.create("http://c:1");

  private final Peers peers = new Peers(List.of(A, B, C));
  private final List<URI> asked = new ArrayList<>();

  @Test
  void theOneThatAnswersIsAskedAgain() throws RegistryException {
    assertEquals(C, ask(Set.of(A, B)));
    assertEquals(C, ask(Set.of(A, B)));
    assertEquals(List.of(A, B, C, C), asked);
  }

  @Test
  void eachIsAskedOnceAndTheFirstTwice() {
    RegistryException e = assertThrows(RegistryException.class, () -> ask(Set.of(A, B, C)));
    assertEquals("nobody", e.trouble());
    assertEquals(List.of(A, B, C, A), asked);
  }

  @Test
  void aRefusalIsTheSameEverywhere() {
    assertThrows(
        RegistryException.class,
        () ->
            peers.ask(
                peer -> {
                  asked.add(peer);
                  throw RegistryException.refused("no", null);
                }));
    assertEquals(List.of(A), asked);
  }

  private URI ask(Set<URI> silent) throws RegistryException {
    return peers.ask(
        peer -> {
          asked.add(peer);
          if (silent.contains(peer)) {
            throw RegistryException.noAnswer("nobody", "", null);
          }
          return peer;
        });
  }
}
