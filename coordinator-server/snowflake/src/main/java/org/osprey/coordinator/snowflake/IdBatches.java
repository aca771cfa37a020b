package org.osprey.coordinator.snowflake;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.LongPredicate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads answers of the service and refuses what would break uniqueness: a batch is used whole or
 * not at all. For one thread.
 */
final class IdBatches {
  private static final JsonFactory JSON = new JsonFactory();

  private final LongPredicate local;
  private long[] previous = {};

  /**
   * @param local tells ids that are made here, which the service must not hand out
   */
  IdBatches(LongPredicate local) {
    this.local = local;
  }

  /**
   * @param body a JSON array of unsigned 64-bit numbers
   * @return {@code count} ids, none of them zero or in the batch before
   * @throws IOException when the answer is anything else
   */
  long[] read(byte[] body, int count) throws IOException {
    long[] ids = parse(body, count);
    long[] sorted = ids.clone();
    Arrays.sort(sorted);
    check(sorted);
    previous = sorted;
    return ids;
  }

  private static long[] parse(byte[] body, int count) throws IOException {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      demand(parser.nextToken() == JsonToken.START_ARRAY, "the answer is no JSON array");
      long[] ids = new long[count];
      int size = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        demand(size < count, "the answer has more ids than asked for");
        ids[size++] = id(parser);
      }
      demand(size == count, "the answer has %d ids, want %d".formatted(size, count));
      demand(parser.nextToken() == null, "something follows the array of ids");
      return ids;
    } catch (JacksonException | NumberFormatException e) {
      // The cause would quote what came from outside.
      throw new IOException("the answer is no JSON array of unsigned 64-bit numbers");
    }
  }

  private static long id(JsonParser parser) throws IOException {
    demand(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, "an id is no whole number");
    return Long.parseUnsignedLong(parser.getString());
  }

  private void check(long[] sorted) throws IOException {
    int before = 0;
    for (int i = 0; i < sorted.length; i++) {
      long id = sorted[i];
      demand(id != IdBuffer.DRY, "an id is 0");
      demand(i == 0 || id != sorted[i - 1], "an id is there twice");
      demand(!local.test(id), "an id has the data centre and worker of those made here");
      while (before < previous.length && previous[before] < id) {
        before++;
      }
      demand(before == previous.length || previous[before] != id, "an id was in the last batch");
    }
  }

  private static void demand(boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw new IOException(otherwise);
    }
  }
}
