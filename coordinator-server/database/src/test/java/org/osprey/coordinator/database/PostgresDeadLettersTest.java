package org.osprey.coordinator.database;

import org.osprey.coordinator.contract.DeadLetterStoreContract;

class PostgresDeadLettersTest implements DeadLetterStoreContract {
  @Override
  public Rig rig() {
    return DeadLettersRig.open(TestPostgres.settings().build());
  }
}
