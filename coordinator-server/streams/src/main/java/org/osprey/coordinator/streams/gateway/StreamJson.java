package org.osprey.coordinator.streams.gateway;

import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.StreamView;
import org.osprey.coordinator.proto.streams.v1.SubscriberCounts;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** The JSON of streams as answers have it. */
final class StreamJson {
  private StreamJson() {}

  /** What a command did. */
  static String changed(String streamId, String message, CommandReply reply) {
    ObjectNode json = Fields.MAPPER.createObjectNode();
    json.put("stream_id", streamId).put("message", message);
    if (reply.hasState()) {
      json.putRawValue("state", new RawValue(StateJson.of(reply.getState(), 0)));
    }
    return Fields.MAPPER.writeValueAsString(json);
  }

  static String view(StreamView view) {
    ObjectNode json = Fields.MAPPER.createObjectNode();
    json.put("stream_id", view.getState().getStreamId());
    json.putRawValue("state", new RawValue(StateJson.of(view.getState(), 0)));
    json.set("config", ConfigJson.show(view.getConfig()));
    json.set("subscribers", counts(view.getSubscribers()));
    json.put("instance", view.getInstance());
    return Fields.MAPPER.writeValueAsString(json);
  }

  private static ObjectNode counts(SubscriberCounts counts) {
    return Fields.MAPPER
        .createObjectNode()
        .put("total", counts.getTotal())
        .put("active", counts.getActive())
        .put("stale", counts.getStale())
        .put("unique_clients", counts.getUniqueClients());
  }
}
