package org.osprey.coordinator.collectors.builtin.kubelet;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a kubelet answers for {@code /pods}, as far as it is needed. Anything may be missing. */
record PodList(@Nullable List<@Nullable Pod> items) {

  record Pod(@Nullable Metadata metadata, @Nullable Status status) {}

  record Metadata(@Nullable String uid, @Nullable String name, @Nullable String namespace) {}

  record Status(
      @Nullable String phase,
      @Nullable String reason,
      @JsonProperty("initContainerStatuses") @Nullable List<Container> first,
      @JsonProperty("containerStatuses") @Nullable List<Container> containers) {

    Stream<Container> all() {
      return Stream.concat(stream(first), stream(containers));
    }

    private static Stream<Container> stream(@Nullable List<Container> list) {
      return list == null ? Stream.empty() : list.stream();
    }
  }

  record Container(
      @Nullable String name, int restartCount, @Nullable State state, @Nullable State lastState) {}

  record State(@Nullable Waiting waiting, @Nullable Terminated terminated) {}

  record Waiting(@Nullable String reason) {}

  record Terminated(
      int exitCode,
      @Nullable String reason,
      @Nullable String finishedAt,
      @Nullable String containerID) {}
}
