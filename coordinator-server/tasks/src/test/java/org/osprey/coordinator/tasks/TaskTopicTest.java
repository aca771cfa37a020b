package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Share;
import org.osprey.coordinator.core.Submissions.RefusedException.Reason;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.tasks.TaskTable.Filter;

/** Tasks that go through a topic. */
@Timeout(120)
class TaskTopicTest {
  private static final int QUEUE = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private final FakeService revenue = new FakeService();
  private final FakeTopic topic = new FakeTopic();
  private final InMemoryDeadLetters deadLetters = new InMemoryDeadLetters();
  private volatile boolean deadLettersFail;
  private Database database;
  private Tasks tasks;
  private TaskConsumer consumer;

  @BeforeEach
  void start() {
    database =
        new Database(
            DatabaseSettings.builder().file(folder.resolve("test.db")).queueSize(QUEUE).build(),
            List.of(Tasks.FEATURE),
            Ticker.system(),
            new Random(1));
    TaskSettings settings =
        new TaskSettings(
            List.of(ServiceSettings.of("revenue", revenue.url())),
            Duration.ofSeconds(20),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofDays(30));
    tasks =
        new Tasks(
            settings,
            database,
            Ticker.system(),
            new Random(1),
            Share.ALL,
            new TaskTopic(topic, Duration.ofMillis(500)));
    consumer = new TaskConsumer(tasks, topic, this::bury, Ticker.system());
    consumer.start();
  }

  private void startTasks() {
    database.start();
    tasks.start();
  }

  @AfterEach
  void stop() {
    consumer.close();
    tasks.close();
    database.close();
    revenue.close();
  }

  @Test
  void aTaskGoesThroughTheTopic() throws Exception {
    startTasks();
    String id = submit(Way.TOPIC);
    assertEquals(Status.COMPLETED, end(id));
    assertEquals(
        "{\"task_id\":\"%s\",\"task_name\":\"n\",\"task_description\":\"d\",\"payload\":[{\"revenue\":{\"x\":1.50}}]}"
            .formatted(id),
        topic.messages.getFirst());
    await().until(() -> Outcome.Acked.EMPTY.equals(topic.outcomes.get(0)));
    assertEquals("kafka", tasks.eventHubMode());
  }

  @Test
  void whoWaitsDoesNotGoThroughTheTopic() throws Exception {
    startTasks();
    assertEquals(Status.COMPLETED, end(submit(Way.DATABASE)));
    assertEquals(List.of(), topic.messages);
  }

  @Test
  void whatComesAgainChangesNothing() throws Exception {
    startTasks();
    CountDownLatch end = new CountDownLatch(1);
    revenue.answers = call -> status(end);
    submit(Way.TOPIC);
    await().until(() -> revenue.calls.get() == 1);
    deliver(0);
    end.countDown();
    await().until(() -> list().getFirst().status() == Status.COMPLETED);
    deliver(0);
    assertEquals(1, list().size());
    assertEquals(1, revenue.calls.get());
  }

  @Test
  void aTaskIsPublishedWhenTheTopicIsBack() throws Exception {
    startTasks();
    topic.refusal = Reason.UNAVAILABLE;
    String id = submit(Way.TOPIC);
    await().atMost(PATIENCE).until(() -> topic.refused.contains(id));
    assertEquals(Status.PENDING, find(id).status());
    topic.refusal = null;
    assertEquals(Status.COMPLETED, end(id));
    assertTrue(topic.messages.getFirst().contains(id));
  }

  @Test
  void whatTheTopicLostIsPublishedAgain() throws Exception {
    startTasks();
    topic.losing = true;
    String id = submit(Way.TOPIC);
    await().atMost(PATIENCE).until(() -> topic.messages.size() >= 2);
    topic.losing = false;
    assertEquals(Status.COMPLETED, end(id));
    assertEquals(1, revenue.calls.get());
  }

  @Test
  void whatIsTooLargeForTheTopicGoesWithoutIt() throws Exception {
    startTasks();
    topic.refusal = Reason.TOO_LARGE;
    assertEquals(Status.COMPLETED, end(submit(Way.TOPIC)));
    assertEquals(List.of(), topic.messages);
  }

  @Test
  void aCancelledTaskIsNotPublished() throws Exception {
    startTasks();
    topic.refusal = Reason.UNAVAILABLE;
    String id = submit(Way.TOPIC);
    assertTrue(tasks.cancel(id).toCompletableFuture().get(60, TimeUnit.SECONDS));
    String next = submit(Way.TOPIC);
    // What the outbox took before the task was cancelled has been refused by then.
    await().atMost(PATIENCE).until(() -> topic.refused.contains(next));
    topic.refusal = null;
    assertEquals(Status.COMPLETED, end(next));
    assertTrue(topic.messages.stream().allMatch(message -> message.contains(next)));
    assertEquals(Status.CANCELLED, find(id).status());
  }

  @Test
  void aMessageOfOthersMakesOneTaskHoweverOftenItComes() throws Exception {
    startTasks();
    deliver(topic.add(body("{\"revenue\":{}}")));
    await().until(() -> list().getFirst().status() == Status.COMPLETED);
    deliver(0);
    assertEquals(1, list().size());
    assertEquals(1, revenue.calls.get());
    UUID id = UUID.fromString(list().getFirst().taskId());
    assertEquals(5, id.version());
    assertEquals(2, id.variant());
    deliver(topic.add(body("{\"revenue\":{}}")));
    assertEquals(2, list().size());
  }

  @Test
  void aMessageOfOthersMayHaveAnId() throws Exception {
    startTasks();
    deliver(topic.add(body("{\"revenue\":{}}").replaceFirst("\\{", "{\"task_id\":\"theirs-1\",")));
    assertEquals(Status.COMPLETED, end("theirs-1"));
  }

  @Test
  void whatIsNoTaskBecomesADeadLetterAndTheNextIsRead() throws Exception {
    startTasks();
    deliver(topic.add("not json"));
    deliver(topic.add(body("{\"other\":{}}")));
    deliver(topic.add("{\"task_id\":7}"));
    deliver(topic.add(body("{\"revenue\":{}}")));
    assertEquals(1, list().size());
    List<DeadLetter> letters = deadLetters.kept();
    assertEquals(3, letters.size());
    assertEquals("topic=t partition=0 offset=0", letters.get(0).origin());
    assertTrue(letters.get(0).error().startsWith("the body is not valid JSON"));
    assertTrue(letters.get(1).error().startsWith("payload[0].other: no such service"));
    assertTrue(letters.get(2).error().startsWith("task_id: "));
    DeadLetter.Undecoded content =
        assertInstanceOf(DeadLetter.Undecoded.class, letters.get(0).content());
    assertEquals("not json", new String(content.data(), UTF_8));
    assertInstanceOf(Outcome.DeadLettered.class, topic.outcomes.get(0));
  }

  @Test
  void messagesWaitForTheDatabase() throws Exception {
    for (int i = 0; i < QUEUE; i++) {
      CompletionStage<String> unused = tasks.submit(request(), Way.DATABASE);
    }
    topic.deliver(topic.add(body("{\"revenue\":{}}")));
    await().atMost(PATIENCE).until(() -> !consumer.check().healthy());
    assertEquals(Map.of(), topic.outcomes);
    startTasks();
    await().atMost(PATIENCE).until(() -> Outcome.Acked.EMPTY.equals(topic.outcomes.get(0)));
    assertEquals(QUEUE + 1, list().size());
    await().atMost(PATIENCE).until(() -> consumer.check().healthy());
  }

  @Test
  void aMessageWaitsForTheDeadLetters() {
    startTasks();
    deadLettersFail = true;
    topic.deliver(topic.add("not json"));
    await().atMost(PATIENCE).until(() -> !consumer.check().healthy());
    assertEquals(Map.of(), topic.outcomes);
    deadLettersFail = false;
    await().atMost(PATIENCE).until(() -> topic.outcomes.containsKey(0));
    assertEquals(1, deadLetters.kept().size());
  }

  private CompletionStage<Void> bury(DeadLetter letter) {
    return deadLettersFail
        ? CompletableFuture.failedFuture(new IllegalStateException("as told"))
        : deadLetters.put(letter);
  }

  /** Returns when it is finished. */
  private void deliver(int offset) {
    topic.outcomes.remove(offset);
    topic.deliver(offset);
    await().atMost(PATIENCE).until(() -> topic.outcomes.containsKey(offset));
  }

  private String submit(Way way) throws Exception {
    return tasks.submit(request(), way).toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private TaskRequest request() throws TaskRequest.MalformedException {
    byte[] body = body("{\"revenue\":{\"x\":1.50}}").getBytes(UTF_8);
    return TaskRequest.read(body, tasks.settings().services());
  }

  private static String body(String item) {
    return "{\"task_name\":\"n\",\"task_description\":\"d\",\"payload\":[" + item + "]}";
  }

  private Status end(String taskId) throws InterruptedException {
    return present(tasks.await(taskId, PATIENCE)).status();
  }

  private Task find(String taskId) {
    return present(tasks.find(taskId));
  }

  private static Task present(@Nullable Task task) {
    assertNotNull(task);
    return task;
  }

  private List<Task> list() {
    return tasks.list(new Filter(null, null, null, 0, 100));
  }

  private static int status(CountDownLatch end) {
    try {
      end.await();
      return 200;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }
}
