package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.tasks.TaskTable.Filter;
import org.osprey.coordinator.tasks.TaskTable.Reading;

/** What the tables promise, on either database. */
@Timeout(120)
abstract class TablesSuite {
  private static final Duration ALIVE = Duration.ofSeconds(15);
  private static final ServiceSettings REVENUE =
      ServiceSettings.of("revenue", URI.create("http://localhost:1/revenue"));
  private static final ServiceSettings REBATES =
      ServiceSettings.of("rebates", URI.create("http://localhost:1/rebates"));

  private Database database;
  private TaskTable tasks;
  private RequestTable requests;

  /** An empty database of its own. */
  abstract DatabaseSettings settings();

  @BeforeEach
  void open() {
    database = new Database(settings(), List.of(Tasks.FEATURE), Ticker.system(), new Random(1));
    database.start();
    tasks = new TaskTable(database);
    requests = new RequestTable(database, "me");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aTaskComesBackAsItWas() throws Exception {
    insert("t1", "name ü \"1\"", "{\"revenue\":{\"scenario_id\":\"s\",\"n\":1.50},\"rebates\":{}}");
    Task task = find("t1");
    assertEquals("name ü \"1\"", task.name());
    assertEquals("what for", task.description());
    assertEquals(Status.PENDING, task.status());
    assertEquals(
        "[{\"revenue\":{\"scenario_id\":\"s\",\"n\":1.50},\"rebates\":{}}]", task.payload());
    assertNull(task.error());
    assertEquals(2, task.requests().size());
    Task.Request request = task.requests().getFirst();
    assertEquals("revenue", request.service());
    assertEquals("s", request.scenarioId());
    assertNull(request.businessTypeId());
    assertEquals(Status.PENDING, request.status());
    assertEquals("{\"items\":[{\"scenario_id\":\"s\",\"n\":1.50}]}", request.payload());
    assertNull(request.response());
    assertTrue(task.createdAt().isAfter(Instant.now().minusSeconds(3_600)));
    assertNull(tasks.find("t2"));
  }

  @Test
  void aTaskThatIsStoredTwiceIsThereOnce() throws Exception {
    insert("t1", "a", "{\"revenue\":{}}");
    insert("t1", "b", "{\"revenue\":{},\"rebates\":{}}");
    assertEquals("a", find("t1").name());
    assertEquals(1, find("t1").requests().size());
  }

  @Test
  void theLastRequestEndsTheTask() throws Exception {
    insert("t1", "a", "{\"revenue\":{},\"rebates\":{}}");
    ClaimedRequest revenue = claimOne("revenue");
    assertEquals(Status.IN_PROGRESS, find("t1").status());
    assertEquals("[{}]", revenue.items());
    RequestTable.Ending first = finish(requests, Finish.completed(revenue, "{\"x\": 1.50}"));
    assertEquals(new RequestTable.Ending(true, null), first);
    assertEquals(new Task.Progress(2, 1, 0), find("t1").progress());
    ClaimedRequest rebates = claimOne("rebates");
    assertEquals(
        new RequestTable.Ending(true, Status.COMPLETED),
        finish(requests, Finish.completed(rebates, "[]")));
    Task task = find("t1");
    assertEquals(Status.COMPLETED, task.status());
    assertEquals("{\"x\": 1.50}", task.requests().getFirst().response());
  }

  @Test
  void whatGoesThroughATopicWaitsUntilItIsReadThere() throws Exception {
    TaskRequest request = request("a", "{\"revenue\":{\"n\":1.50}}");
    done(tasks.insert("t1", request, Way.TOPIC));
    done(tasks.insert("t1", request, Way.TOPIC));
    assertEquals(List.of(), done(requests.claim(Map.of("revenue", 1))));
    OutboxTable outbox = new OutboxTable(database);
    List<OutboxTable.Unpublished> taken = done(outbox.take(9, Duration.ofHours(1)));
    assertEquals(1, taken.size());
    assertEquals("t1", taken.getFirst().taskId());
    assertEquals(
        "{\"task_id\":\"t1\",\"task_name\":\"a\",\"task_description\":\"what for\",\"payload\":[{\"revenue\":{\"n\":1.50}}]}",
        taken.getFirst().message());
    assertEquals(List.of(), done(outbox.take(9, Duration.ofHours(1))));
    assertEquals(1, done(outbox.postpone("t1", Duration.ZERO)));
    assertEquals(1, done(outbox.take(9, Duration.ZERO)).size());
    assertEquals(Reading.KNOWN, done(tasks.consume("t1", null)));
    assertEquals(0, done(outbox.postpone("t1", Duration.ZERO)));
    ClaimedRequest claimed = claimOne("revenue");
    assertEquals(Reading.KNOWN, done(tasks.consume("t1", request)));
    assertEquals(List.of(), done(requests.claim(Map.of("revenue", 1))));
    assertEquals(Status.COMPLETED, finish(requests, Finish.completed(claimed, "[]")).task());
    assertEquals(Reading.KNOWN, done(tasks.consume("t1", request)));
    assertEquals(List.of(), done(requests.claim(Map.of("revenue", 1))));
  }

  @Test
  void whatIsReadAndNotKnownIsStored() throws Exception {
    assertEquals(Reading.UNKNOWN, done(tasks.consume("t1", null)));
    assertEquals(Reading.STORED, done(tasks.consume("t1", request("a", "{\"revenue\":{}}"))));
    assertEquals(Reading.KNOWN, done(tasks.consume("t1", null)));
    assertEquals(1, find("t1").requests().size());
    assertEquals("t1", claimOne("revenue").taskId());
  }

  @Test
  void aReadThatCameBeforeARetryIsDueDoesNotHurryIt() throws Exception {
    done(tasks.insert("t1", request("a", "{\"revenue\":{}}"), Way.TOPIC));
    done(tasks.consume("t1", null));
    finish(requests, Finish.again(claimOne("revenue"), "status 503", Duration.ofHours(1), true));
    done(tasks.consume("t1", null));
    assertEquals(List.of(), done(requests.claim(Map.of("revenue", 1))));
  }

  @Test
  void aCancelledTaskIsNotPublished() throws Exception {
    done(tasks.insert("t1", request("a", "{\"revenue\":{}}"), Way.TOPIC));
    done(tasks.cancel("t1"));
    assertEquals(List.of(), done(new OutboxTable(database).take(9, Duration.ZERO)));
    assertEquals(Reading.KNOWN, done(tasks.consume("t1", null)));
    assertEquals(Status.CANCELLED, find("t1").status());
    assertTrue(done(tasks.retry("t1")));
    assertEquals("t1", claimOne("revenue").taskId());
  }

  @Test
  void oneFailureFailsTheTaskAndKeepsTheOtherResult() throws Exception {
    insert("t1", "a", "{\"revenue\":{},\"rebates\":{}}");
    finish(requests, Finish.failed(claimOne("revenue"), "status 500"));
    assertEquals(Status.IN_PROGRESS, find("t1").status());
    assertEquals(
        new RequestTable.Ending(true, Status.FAILED),
        finish(requests, Finish.completed(claimOne("rebates"), "[1]")));
    Task task = find("t1");
    assertEquals(Status.FAILED, task.status());
    assertEquals("revenue: status 500", task.error());
    assertEquals(new Task.Progress(2, 0, 1), task.progress());
    assertEquals("status 500", task.requests().get(0).error());
    assertEquals("[1]", task.requests().get(1).response());
  }

  @Test
  void whatWaitsIsCountedUpToALimit() throws Exception {
    for (int i = 0; i < 5; i++) {
      insert("t" + i, "a", "{\"revenue\":{}}");
    }
    claimOne("revenue");
    assertEquals(4, requests.pending("revenue", 100));
    assertEquals(3, requests.pending("revenue", 3));
    assertEquals(0, requests.pending("rebates", 100));
  }

  @Test
  void whatIsClaimedIsNotClaimedAgain() throws Exception {
    for (int i = 0; i < 5; i++) {
      insert("t" + i, "a", "{\"revenue\":{}}");
    }
    List<ClaimedRequest> first = done(requests.claim(Map.of("revenue", 3)));
    List<ClaimedRequest> second =
        done(new RequestTable(database, "other").claim(Map.of("revenue", 3)));
    List<String> claimed = new ArrayList<>();
    first.forEach(request -> claimed.add(request.taskId()));
    second.forEach(request -> claimed.add(request.taskId()));
    assertEquals(3, first.size());
    assertEquals(List.of("t0", "t1", "t2", "t3", "t4"), claimed.stream().sorted().toList());
    assertEquals(List.of(), done(requests.claim(Map.of("revenue", 3))));
    assertEquals(List.of(), done(requests.claim(Map.of("rebates", 3))));
  }

  @Test
  void whatIsTriedLaterWaitsAndCounts() throws Exception {
    insert("t1", "a", "{\"revenue\":{}}");
    finish(requests, Finish.again(claimOne("revenue"), "status 503", Duration.ZERO, true));
    ClaimedRequest second = claimOne("revenue");
    assertEquals(2, second.attempt());
    assertEquals(1, second.tries());
    finish(requests, Finish.again(second, "down", Duration.ZERO, false));
    ClaimedRequest third = claimOne("revenue");
    assertEquals(3, third.attempt());
    assertEquals(1, third.tries());
    assertEquals(third.idempotencyKey(), second.idempotencyKey());
    finish(requests, Finish.again(third, "status 503", Duration.ofHours(1), true));
    assertEquals(List.of(), done(requests.claim(Map.of("revenue", 3))));
    assertEquals("status 503", find("t1").requests().getFirst().error());
    assertEquals(3, find("t1").requests().getFirst().attempts());
  }

  @Test
  void callsThatEndTogetherAreCountedTogether() throws Exception {
    insert("t1", "a", "{\"revenue\":{},\"rebates\":{}}");
    insert("t2", "a", "{\"revenue\":{},\"rebates\":{}}");
    List<ClaimedRequest> claimed = done(requests.claim(Map.of("revenue", 2, "rebates", 1)));
    List<Finish> finishes = new ArrayList<>();
    claimed.stream()
        .sorted(Comparator.comparingLong(ClaimedRequest::id).reversed())
        .forEach(request -> finishes.add(Finish.completed(request, "[]")));
    finishes.add(Finish.failed(claimed.getFirst(), "late"));
    List<RequestTable.Ending> endings = done(requests.finish(finishes));
    assertEquals(
        List.of(
            new RequestTable.Ending(true, null),
            new RequestTable.Ending(true, Status.COMPLETED),
            new RequestTable.Ending(true, Status.COMPLETED),
            new RequestTable.Ending(false, null)),
        endings);
    assertEquals(Status.IN_PROGRESS, find("t2").status());
    finish(requests, Finish.failed(claimOne("rebates"), "no"));
    assertEquals(Status.FAILED, find("t2").status());
    assertEquals("rebates: no", find("t2").error());
  }

  @Test
  void anEndThatCannotBeStoredKeepsNoOtherFromBeingStored() throws Exception {
    List<ClaimedRequest> claimed = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      insert("t" + i, "a", "{\"revenue\":{}}");
      claimed.add(claimOne("revenue"));
    }
    Finishes finishes = new Finishes(requests);
    // While the first is written, the others wait and go together.
    CompletionStage<RequestTable.Ending> first =
        finishes.write(Finish.completed(claimed.get(0), "[]"));
    CompletionStage<RequestTable.Ending> odd = finishes.write(Finish.failed(claimed.get(1), "\0"));
    CompletionStage<RequestTable.Ending> last =
        finishes.write(Finish.completed(claimed.get(2), "[]"));
    assertEquals(Status.COMPLETED, done(first).task());
    assertEquals(Status.COMPLETED, done(last).task());
    // Only one of the databases takes it.
    await().until(() -> odd.toCompletableFuture().isDone());
    assertEquals(Status.COMPLETED, find("t2").status());
  }

  @Test
  void aLateEndIsNotTaken() throws Exception {
    insert("t1", "a", "{\"revenue\":{}}");
    ClaimedRequest first = claimOne("revenue");
    finish(requests, Finish.again(first, "down", Duration.ZERO, true));
    ClaimedRequest second = claimOne("revenue");
    assertFalse(finish(requests, Finish.completed(first, "[]")).counted());
    assertFalse(finish(requests, Finish.failed(first, "no")).counted());
    assertFalse(finish(requests, Finish.again(first, "no", Duration.ZERO, true)).counted());
    assertEquals(Status.IN_PROGRESS, find("t1").status());
    assertTrue(finish(requests, Finish.completed(second, "[]")).counted());
    assertFalse(finish(requests, Finish.completed(second, "[]")).counted());
    assertEquals(Status.COMPLETED, find("t1").status());
  }

  @Test
  void whatADeadCoordinatorHadIsTakenOver() throws Exception {
    insert("t1", "a", "{\"revenue\":{}}");
    RequestTable dead = new RequestTable(database, "dead");
    ClaimedRequest lost = done(dead.claim(Map.of("revenue", 1))).getFirst();
    assertEquals(1, done(requests.takeOver(ALIVE)));
    assertEquals(0, done(requests.takeOver(ALIVE)));
    ClaimedRequest taken = claimOne("revenue");
    assertEquals(lost.id(), taken.id());
    assertEquals(lost.idempotencyKey(), taken.idempotencyKey());
    assertEquals(0, taken.tries());
    assertFalse(finish(dead, Finish.completed(lost, "[]")).counted());
    assertTrue(finish(requests, Finish.completed(taken, "[]")).counted());
  }

  @Test
  void whatKillsCoordinatorsIsGivenUp() throws Exception {
    insert("t1", "a", "{\"revenue\":{}}");
    for (int i = 0; i < 5; i++) {
      assertEquals(
          1, done(new RequestTable(database, "dead" + i).claim(Map.of("revenue", 1))).size());
      assertEquals(1, done(requests.takeOver(ALIVE)));
    }
    assertEquals(Status.FAILED, find("t1").status());
    assertEquals("too many coordinators died with it", find("t1").error());
    assertEquals(List.of(), done(requests.claim(Map.of("revenue", 1))));
  }

  @Test
  void whatMustNotBeRepeatedFailsWhenNobodyKnowsHowItEnded() throws Exception {
    RequestTable careful = new RequestTable(database, "me", List.of("revenue"));
    insert("t1", "a", "{\"revenue\":{},\"rebates\":{}}");
    RequestTable dead = new RequestTable(database, "dead");
    assertEquals(1, done(dead.claim(Map.of("revenue", 1))).size());
    assertEquals(1, done(dead.claim(Map.of("rebates", 1))).size());
    assertEquals(2, done(careful.takeOver(ALIVE)));
    assertEquals(Status.FAILED, find("t1").requests().getFirst().status());
    assertEquals("the coordinator died with it", find("t1").requests().getFirst().error());
    assertEquals(Status.PENDING, find("t1").requests().getLast().status());
    insert("t2", "a", "{\"revenue\":{}}");
    assertEquals(1, done(careful.claim(Map.of("revenue", 1))).size());
    assertEquals(1, done(careful.releaseForgotten(List.of(), Duration.ofDays(-1))));
    assertEquals(Status.FAILED, find("t2").status());
    assertEquals("its end was lost", find("t2").error());
  }

  @Test
  void whatIsStrangeIsStoredAsItIs() throws Exception {
    String sql = "x'); drop table tasks; --\" ' \\ % _ \uD83D\uDE00";
    insert("t1", sql, "{\"revenue\":{\"scenario_id\":\"'; --\",\"nul\":\"\\u0000\"}}");
    Task task = find("t1");
    assertEquals(sql, task.name());
    assertEquals("'; --", task.requests().getFirst().scenarioId());
    assertTrue(String.valueOf(task.payload()).contains("\\u0000"), task.payload());
    assertEquals(List.of("t1"), list(null, sql, null, 10));
    assertNull(tasks.find(sql));
  }

  @Test
  void ourOwnClaimsAreNotTakenOver() throws Exception {
    insert("t1", "a", "{\"revenue\":{}}");
    ClaimedRequest claimed = claimOne("revenue");
    assertEquals(0, done(requests.takeOver(Duration.ZERO)));
    assertEquals(0, done(requests.releaseForgotten(List.of(claimed.id()), Duration.ofDays(-1))));
    assertEquals(0, done(requests.releaseForgotten(List.of(), ALIVE)));
    assertEquals(1, done(requests.releaseForgotten(List.of(), Duration.ofDays(-1))));
    assertFalse(finish(requests, Finish.completed(claimed, "[]")).counted());
    assertEquals(2, claimOne("revenue").attempt());
  }

  @Test
  void aCancelledTaskIsCalledNoMore() throws Exception {
    insert("t1", "a", "{\"revenue\":{},\"rebates\":{}}");
    ClaimedRequest running = claimOne("revenue");
    List<Long> ended = done(tasks.cancel("t1"));
    assertNotNull(ended);
    assertEquals(2, ended.size());
    assertEquals(Status.CANCELLED, find("t1").status());
    assertEquals(List.of(), done(requests.claim(Map.of("rebates", 1))));
    assertFalse(finish(requests, Finish.completed(running, "[]")).counted());
    assertEquals(Status.CANCELLED, find("t1").requests().getFirst().status());
    assertNull(done(tasks.cancel("t1")));
    assertNull(done(tasks.cancel("none")));
  }

  @Test
  void aRetryDoesOnlyWhatFailedAndWithANewKey() throws Exception {
    insert("t1", "a", "{\"revenue\":{},\"rebates\":{}}");
    ClaimedRequest failed = claimOne("revenue");
    finish(requests, Finish.failed(failed, "status 500"));
    assertFalse(done(tasks.retry("t1")));
    finish(requests, Finish.completed(claimOne("rebates"), "[1]"));
    assertTrue(done(tasks.retry("t1")));
    assertFalse(done(tasks.retry("t1")));
    assertEquals(Status.PENDING, find("t1").status());
    assertNull(find("t1").error());
    assertEquals(List.of(), done(requests.claim(Map.of("rebates", 1))));
    ClaimedRequest again = claimOne("revenue");
    assertEquals(failed.id(), again.id());
    assertEquals(failed.id() + "-1", again.idempotencyKey());
    assertEquals(0, again.tries());
    assertEquals(Status.COMPLETED, finish(requests, Finish.completed(again, "[2]")).task());
    assertEquals("[1]", find("t1").requests().get(1).response());
    assertFalse(done(tasks.retry("t1")));
    assertFalse(done(tasks.retry("none")));
  }

  @Test
  void listsAreInPagesTheNewestFirst() throws Exception {
    for (int i = 0; i < 7; i++) {
      insert("t" + i, i % 2 == 0 ? "even" : "odd", "{\"revenue\":{}}");
    }
    assertEquals(List.of("t6", "t5", "t4"), list(null, null, null, 3));
    Task last = tasks.list(new Filter(null, null, null, 0, 3)).getLast();
    assertEquals(List.of("t3", "t2", "t1", "t0"), list(null, null, last, 9));
    assertEquals(List.of("t5", "t3", "t1"), list(null, "odd", null, 9));
    assertEquals(List.of("t3"), list(Status.PENDING, "odd", last, 1));
    assertEquals(List.of(), list(Status.FAILED, null, null, 9));
    assertEquals(List.of(), list(null, "od%", null, 9));
  }

  @Test
  void longPayloadsAreLeftOutOfLists() throws Exception {
    insert("long", "a", "{\"revenue\":{\"x\":\"" + "y".repeat(5_000) + "\"}}");
    insert("short", "a", "{\"revenue\":{}}");
    List<Task> listed = tasks.list(new Filter(null, null, null, 0, 9));
    assertNotNull(listed.get(0).payload());
    assertNull(listed.get(1).payload());
    assertNotNull(find("long").payload());
  }

  @Test
  void onlyOldEndedTasksAreForgotten() throws Exception {
    insert("open", "a", "{\"rebates\":{}}");
    for (int i = 0; i < 3; i++) {
      insert("t" + i, "a", "{\"revenue\":{}}");
      finish(requests, Finish.completed(claimOne("revenue"), "[]"));
    }
    assertEquals(0, done(tasks.purge(Duration.ofHours(1), 10)));
    assertEquals(2, done(tasks.purge(Duration.ofHours(-1), 2)));
    assertEquals(1, done(tasks.purge(Duration.ofHours(-1), 2)));
    assertEquals(0, done(tasks.purge(Duration.ofHours(-1), 2)));
    assertEquals(List.of("open"), list(null, null, null, 9));
  }

  private void insert(String id, String name, String item) throws Exception {
    done(tasks.insert(id, request(name, item), Way.DATABASE));
  }

  private static TaskRequest request(String name, String item) throws Exception {
    byte[] body =
        "{\"task_name\":\"%s\",\"task_description\":\"what for\",\"payload\":[%s]}"
            .formatted(name.replace("\\", "\\\\").replace("\"", "\\\""), item)
            .getBytes(UTF_8);
    return TaskRequest.read(body, List.of(REVENUE, REBATES));
  }

  private static RequestTable.Ending finish(RequestTable requests, Finish finish) throws Exception {
    return done(requests.finish(List.of(finish))).getFirst();
  }

  private ClaimedRequest claimOne(String service) throws Exception {
    List<ClaimedRequest> claimed = done(requests.claim(Map.of(service, 1)));
    assertEquals(1, claimed.size());
    return claimed.getFirst();
  }

  private Task find(String id) {
    Task task = tasks.find(id);
    assertNotNull(task);
    return task;
  }

  private List<String> list(
      @Nullable Status status, @Nullable String name, @Nullable Task after, int limit) {
    Filter filter =
        new Filter(
            status,
            name,
            after == null ? null : after.createdAt(),
            after == null ? 0 : after.id(),
            limit);
    return tasks.list(filter).stream().map(Task::taskId).toList();
  }

  private static <T extends @Nullable Object> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(40, TimeUnit.SECONDS);
  }
}
