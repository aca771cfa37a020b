package org.osprey.coordinator.ctl.top;

import java.util.Optional;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Events;
import org.osprey.coordinator.ctl.console.Failure;
import tools.jackson.databind.JsonNode;

/** Pictures as the coordinator sends them. */
final class EventPictures implements Pictures {
  private final Events events;

  private EventPictures(Events events) {
    this.events = events;
  }

  /**
   * Empty when the coordinator sends none, or none more.
   *
   * @throws Failure when it does not answer
   */
  static Optional<Pictures> open(Api api) {
    return api.findEvents("/api/events").map(EventPictures::new);
  }

  @Override
  public JsonNode next() throws InterruptedException {
    return events.next("picture");
  }

  @Override
  public void close() {
    events.close();
  }
}
