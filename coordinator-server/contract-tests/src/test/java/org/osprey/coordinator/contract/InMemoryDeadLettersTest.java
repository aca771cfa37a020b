package org.osprey.coordinator.contract;

import org.osprey.coordinator.core.DeadLetterStore;
import org.osprey.coordinator.core.InMemoryDeadLetters;

class InMemoryDeadLettersTest implements DeadLetterStoreContract {
  @Override
  public Rig rig() {
    InMemoryDeadLetters letters = new InMemoryDeadLetters();
    return new Rig() {
      @Override
      public DeadLetterStore store() {
        return letters;
      }

      @Override
      public void close() {}
    };
  }
}
