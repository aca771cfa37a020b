package org.osprey.coordinator.replica.member;

import org.osprey.coordinator.replica.event.Slots;

/**
 * What a worker has to do, until the next generation.
 *
 * @param generation grows with each change; what an older one does is refused. The fencing token
 *     for effects outside the database
 * @param partition from 0
 */
public record Assignment(long generation, int partition, int partitions) {

  public Slots slots() {
    return Slots.of(partition, partitions);
  }
}
