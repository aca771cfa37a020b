package org.osprey.coordinator.kafka;

import java.util.ArrayList;
import java.util.List;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Intake;

/**
 * What one partition offers next, in order: deliveries that are in its window already and not
 * accepted yet. One batch at most. Belongs to the source's loop.
 */
final class DecodedRecords {
  // Side by side, because the intake takes a list of deliveries.
  private final List<Delivery> deliveries = new ArrayList<>();
  private final List<UnfinishedRecord> unfinished = new ArrayList<>();

  boolean isEmpty() {
    return deliveries.isEmpty();
  }

  boolean isFull() {
    return deliveries.size() >= Intake.LARGEST_BATCH;
  }

  void add(Delivery delivery, UnfinishedRecord record) {
    deliveries.add(delivery);
    unfinished.add(record);
  }

  /** What is not accepted stays here. */
  Intake.Admission offer(Intake intake) {
    Intake.BatchAdmission admission = intake.offer(deliveries);
    deliveries.subList(0, admission.accepted()).clear();
    unfinished.subList(0, admission.accepted()).clear();
    return admission.last();
  }

  /** Will not be offered any more. */
  void letGo() {
    unfinished.forEach(UnfinishedRecord::letGo);
    deliveries.clear();
    unfinished.clear();
  }
}
