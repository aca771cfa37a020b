package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The checker has to see what is wrong. */
class RecordLedgerTest {
  private final RecordLedger ledger = new RecordLedger();

  @Test
  void aRecordThatIsFinishedOrStillQueuedIsWell() {
    ledger.accepted("a", 0, 0);
    ledger.handled("a", "verdict");
    ledger.result("a", "verdict");
    ledger.accepted("b", 0, 1);
    ledger.deadLettered("b", "NACKED");
    ledger.accepted("c", 0, 2);
    ledger.check(Map.of(0, 2L));
    assertEquals(1, ledger.unfinished().size());
  }

  @Test
  void aCommitAboveAnUnfinishedRecordIsSeen() {
    ledger.accepted("a", 0, 0);
    ledger.accepted("b", 0, 1);
    ledger.handled("b", "verdict");
    ledger.checkCommits(Map.of(0, 0L));
    assertThrows(AssertionError.class, () -> ledger.checkCommits(Map.of(0, 1L)));
  }

  @Test
  void aCommitThatGoesBackIsSeen() {
    ledger.checkCommits(Map.of(0, 5L, 1, 1L));
    assertThrows(AssertionError.class, () -> ledger.checkCommits(Map.of(0, 4L, 1, 1L)));
  }

  @Test
  void aVerdictThatNoWorkerSentIsSeen() {
    ledger.accepted("a", 0, 0);
    ledger.handled("a", "verdict");
    ledger.result("a", "another");
    assertThrows(AssertionError.class, () -> ledger.check(Map.of()));
  }

  @Test
  void anAnswerThatIsCreditedTwiceIsSeen() {
    ledger.accepted("a", 0, 0);
    ledger.handled("a", "verdict");
    ledger.result("a", "verdict");
    ledger.result("a", "verdict");
    assertThrows(AssertionError.class, () -> ledger.check(Map.of()));
  }

  @Test
  void anActionOutOfNowhereIsSeen() {
    ledger.handled("a", "verdict");
    assertThrows(AssertionError.class, () -> ledger.check(Map.of()));
  }

  @Test
  void aHandledActionIsNoDeadLetter() {
    ledger.accepted("a", 0, 0);
    ledger.handled("a", "verdict");
    ledger.deadLettered("a", "NACKED");
    assertThrows(AssertionError.class, () -> ledger.check(Map.of()));
  }
}
