package org.osprey.coordinator.contract;

import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.IdGenerator;

class CountingIdsTest implements IdGeneratorContract {
  @Override
  public IdGenerator ids() {
    return new CountingIds();
  }
}
