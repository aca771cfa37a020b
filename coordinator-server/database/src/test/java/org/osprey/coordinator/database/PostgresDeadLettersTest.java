package org.osprey.coordinator.database;

class PostgresDeadLettersTest implements DeadLettersSuite {
  @Override
  public DeadLettersRig rig() {
    return DeadLettersRig.open(TestPostgres.settings().build());
  }
}
