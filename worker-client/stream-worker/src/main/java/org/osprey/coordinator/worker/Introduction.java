package org.osprey.coordinator.worker;

import io.grpc.Metadata;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ActionRequest;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ClientDetails;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Request;

/** What a stream tells the coordinator about itself when it opens. */
record Introduction(
    String clientId, int maxOutstanding, List<String> actionNames, @Nullable TokenFile token) {
  private static final Metadata.Key<String> MAX_OUTSTANDING =
      Metadata.Key.of("coordinator-max-outstanding", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> ACTIONS =
      Metadata.Key.of("coordinator-actions", Metadata.ASCII_STRING_MARSHALLER);

  Introduction {
    actionNames = List.copyOf(actionNames);
    if (clientId.isBlank()) {
      throw new IllegalArgumentException("clientId: expected a name, got blanks");
    }
    Checks.between("maxOutstanding", 1, 1_000, maxOutstanding);
    actionNames.forEach(Introduction::checkGlob);
    if (token != null) {
      token.check();
    }
  }

  /** Only what differs from what a coordinator takes for granted. */
  Metadata headers() {
    Metadata headers = new Metadata();
    if (maxOutstanding > 1) {
      headers.put(MAX_OUTSTANDING, Integer.toString(maxOutstanding));
    }
    if (!actionNames.isEmpty()) {
      headers.put(ACTIONS, String.join(",", actionNames));
    }
    return headers;
  }

  Request firstRequest() {
    ClientDetails details = ClientDetails.newBuilder().setId(clientId).build();
    return Request.newBuilder()
        .setActionRequest(ActionRequest.newBuilder().setInitial(details))
        .build();
  }

  private static void checkGlob(String glob) {
    if (!glob.matches("[!-+\\--~]+")) {
      throw new IllegalArgumentException(
          "actionNames: expected printable ASCII without blanks and commas, got '" + glob + "'");
    }
  }
}
