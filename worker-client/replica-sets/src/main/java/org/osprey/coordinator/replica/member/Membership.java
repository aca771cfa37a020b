package org.osprey.coordinator.replica.member;

import java.util.List;
import java.util.Optional;
import org.osprey.coordinator.replica.event.Slots;

/**
 * A replica set as its members see it at one moment.
 *
 * @param generation the newest, 0 before the first
 * @param partitions how many parts the work has in it
 * @param members of the newest generation, and those who wait for the next, in the order in which
 *     they joined
 */
record Membership(long generation, int partitions, List<Row> members) {

  Membership {
    members = List.copyOf(members);
  }

  /**
   * One worker.
   *
   * @param partition in the newest generation, or -1 while it is in none
   * @param ready the generation for which it has stopped all older work
   * @param alive whether it was heard of lately enough
   */
  record Row(String worker, int partition, long ready, boolean alive) {

    boolean assigned() {
      return partition >= 0;
    }
  }

  Optional<Row> find(String worker) {
    return members.stream().filter(row -> row.worker().equals(worker)).findFirst();
  }

  /** Somebody waits, is gone, or has left: the work is to be divided anew. */
  boolean isOutdated() {
    boolean room = partitions < Slots.COUNT;
    return members.stream().anyMatch(row -> row.assigned() ? !row.alive() : row.alive() && room)
        || members.stream().filter(Row::assigned).count() != partitions;
  }

  /** Everybody has stopped what he did in older generations. */
  boolean isReady() {
    return partitions > 0
        && members.stream().filter(Row::assigned).count() == partitions
        && members.stream().filter(Row::assigned).allMatch(row -> row.ready() == generation);
  }

  /** The part of one worker, if he is in the newest generation. */
  Optional<Assignment> assignment(String worker) {
    return find(worker)
        .filter(Row::assigned)
        .map(row -> new Assignment(generation, row.partition(), partitions));
  }
}
